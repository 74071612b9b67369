import { done, type Outcome, refused } from './outcome.ts';
import type { NoteSecurityEvent } from './security-event.ts';
import { type LimitName, type Throttle, throttled } from './throttle.ts';

/** The limits that an attempt has to pass, each with its key. */
export type Attempt = Partial<Record<LimitName, string>>;

/** Counts an attempt against all of its limits; the first that says no decides. */
export async function takeAttempt(
  { throttle, note }: { throttle: Throttle; note: NoteSecurityEvent },
  attempt: Attempt,
): Promise<Outcome<null>> {
  for (const [limit, key] of Object.entries(attempt) as [LimitName, string][]) {
    const waitMs = await throttle.take(limit, key);
    if (waitMs === 0) continue;
    note({ type: 'THROTTLED', limit });
    return refused(throttled(waitMs));
  }
  return done(null);
}

/** Takes it back: it was no abuse. */
export async function giveBackAttempt(throttle: Throttle, attempt: Attempt): Promise<void> {
  for (const [limit, key] of Object.entries(attempt) as [LimitName, string][]) {
    await throttle.giveBack(limit, key);
  }
}
