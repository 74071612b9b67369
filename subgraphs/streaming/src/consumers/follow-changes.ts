import { inTime } from '@medley/timing';
import type { AgeClock } from '../domain/age-clock.ts';
import type { ChangedFacts, ChangesTold } from '../domain/changed-facts.ts';
import type { HeldFacts } from '../domain/held-facts.ts';

export interface FollowOptions {
  readonly changes: ChangedFacts;
  readonly held: Pick<HeldFacts<unknown>, 'forget' | 'forgetAll' | 'confirm'>;
  readonly now: AgeClock;
  /** Told after each asking; `error` when it failed. */
  readonly onAsked?: (error?: unknown) => void;
  /** 0 up to 1: spreads replicas that started together. */
  readonly random?: () => number;
}

export interface Following {
  /** Asks as soon as may be: somebody heard of a change. */
  wake(): void;
  stop(): Promise<void>;
}

/** How often changes are asked for, in milliseconds, from the beginning of one asking to that of the next. */
const everyMs = 250;
/**
 * How long an answer is waited for, in milliseconds: so that with any that comes at all, however slow, the next one has begun
 * and come before facts cease to hold, and one lost answer costs nothing.
 */
const timeoutMs = 350;
/** Hints come in crowds. In milliseconds. */
const leastMs = 25;

/** Has facts forgotten as they change, by asking again and again from the last position on. It begins at once. */
export function followChanges({
  changes,
  held,
  now,
  onAsked = () => {},
  random = Math.random,
}: FollowOptions): Following {
  let position: string | null = null;
  let stopped = false;
  let woken = false;
  let endPause = () => {};

  /** @returns whether there is more to ask for at once */
  async function ask(): Promise<boolean> {
    const beganAt = now();
    const told = await answerOf(changes, position);
    if (stopped) return false;
    if (position === null || told.reset) held.forgetAll();
    else held.forget(told.ids);
    const advanced = told.position !== position;
    position = told.position;
    if (!told.hasMore) held.confirm(beganAt);
    return told.hasMore && advanced;
  }

  async function pause(untilMs: number, leastUntilMs: number): Promise<void> {
    const waitMs = (woken ? leastUntilMs : untilMs) - now();
    if (waitMs <= 0 || stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    endPause = () => {};
    // Woken too early: what is left of the shortest pause.
    if (woken && !stopped && leastUntilMs > now()) await pause(leastUntilMs, leastUntilMs);
  }

  async function follow(): Promise<void> {
    while (!stopped) {
      const beganAt = now();
      woken = false;
      let goesOn = false;
      try {
        goesOn = await ask();
        onAsked();
      } catch (error) {
        if (!stopped) onAsked(error);
      }
      // A tenth earlier at most: never later, as facts hold for a fixed time.
      if (!goesOn) await pause(beganAt + everyMs * (1 - random() / 10), beganAt + leastMs);
    }
  }

  const ended = follow();
  return {
    wake() {
      woken = true;
      endPause();
    },
    async stop() {
      stopped = true;
      endPause();
      await ended;
    },
  };
}

/** An asking that hangs is given up, whatever it hangs on. */
function answerOf(changes: ChangedFacts, position: string | null): Promise<ChangesTold> {
  const late = () => new Error(`changes were not told within ${timeoutMs} ms`);
  return inTime(changes.since(position, { timeoutMs }), timeoutMs, late);
}
