import type { WaitingDay } from '../domain/waiting-plays.ts';

export interface FlushRules {
  /** How many plays a part has at most. */
  readonly partPlays: number;
  /** How long a play waits for others, in milliseconds; of the last two days, and where there are many. */
  readonly flushMs: number;
}

/** Parts with fewer plays than this wait 12 times as long for more. */
export const fewPlays = 1_000;
/** Plays that are told days late are few each day, and of many days: these wait 288 times as long. */
const patience = { few: 12, late: 288 };

/** Plays of a day that are to be written. */
export interface DueDay {
  readonly day: string;
  readonly plays: number;
}

/**
 * What is due: full parts, and all of a day that waited long enough. An hour of quiet is one small file, not twelve, and a day that is
 * told late gets one a day.
 */
export function planFlush(
  waiting: readonly WaitingDay[],
  { partPlays, flushMs }: FlushRules,
  now: Date,
): readonly DueDay[] {
  const yesterday = new Date(now.getTime() - dayMs).toISOString().slice(0, 10);
  return waiting.flatMap(({ day, plays, since }) => {
    const times = day < yesterday ? patience.late : plays < fewPlays ? patience.few : 1;
    const isOld = now.getTime() - since.getTime() >= Math.min(times * flushMs, dayMs);
    const due = isOld ? plays : plays - (plays % partPlays);
    return due > 0 ? [{ day, plays: due }] : [];
  });
}

const dayMs = 86_400_000;
