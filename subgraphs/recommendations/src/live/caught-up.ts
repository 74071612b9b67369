import { pause } from '@medley/event-log';
import { decodePlayPosition, type PlayPosition } from '@medley/events';
import type { Metrics } from '@medley/service';
import { type CaughtUp, InvalidTokenError } from '../domain/caught-up.ts';
import type { Positions, TasteProfile } from '../domain/taste-profile.ts';
import type { Profiles } from './profiles.ts';

export interface CaughtUpOptions {
  readonly profiles: Pick<Profiles, 'findPositions' | 'findDurable'>;
  readonly metrics: Metrics;
  /** How long to wait, in milliseconds; 2,000 unless told otherwise. */
  readonly deadlineMs?: number;
  /** How many may wait at once in this process; more are told at once how it is. 1,000 unless told otherwise. */
  readonly most?: number;
  /** How many of them may be of one account; 5 unless told otherwise. */
  readonly mostOfUser?: number;
}

export interface WaitsForPlays extends CaughtUp {
  /** To be told of profiles that this process has just saved: who waits for them need not wait for the next look. */
  notice(profiles: ReadonlyMap<string, Pick<TasteProfile, 'positions'>>): void;
}

interface Waiter extends PlayPosition {
  readonly userId: string;
  readonly end: (isIn: boolean) => void;
}

/**
 * Waits for plays. The process that waits may be another one than the one that takes the play, so it looks every 20 ms how far the quick
 * copies are, for all who wait together; and now and then at the durable ones, as a quick copy may be outdated.
 */
export function createCaughtUp(options: CaughtUpOptions): WaitsForPlays {
  const { profiles, metrics, deadlineMs = 2_000, most = 1_000, mostOfUser = 5 } = options;
  const seconds = metrics.histogram(
    'medley_recommendations_wait_seconds',
    'How long it took until a reported play was in the profile, by how it ended: in, late, crowded (too many waited)',
    ['outcome'],
  );
  const waiting = new Set<Waiter>();
  let looking = false;
  let lookingAtDurable = false;

  function waitingOf(userId: string): number {
    let count = 0;
    for (const waiter of waiting) if (waiter.userId === userId) count += 1;
    return count;
  }

  function notice(positions: ReadonlyMap<string, Positions>): void {
    for (const waiter of waiting) if (isIn(positions.get(waiter.userId), waiter)) waiter.end(true);
  }

  const lookAtFast = async (userIds: readonly string[]) => notice(await profiles.findPositions(userIds));

  /** One at a time, and nobody waits for it: it may be away, and the quick one there. */
  async function lookAtDurable(userIds: readonly string[]): Promise<void> {
    if (lookingAtDurable) return;
    lookingAtDurable = true;
    // When it cannot be asked, the deadline ends the wait.
    const found = await profiles.findDurable(userIds).catch(() => null);
    lookingAtDurable = false;
    if (found) notice(positionsOf(found));
  }

  async function look(): Promise<void> {
    looking = true;
    for (let round = 0; waiting.size > 0; round++) {
      const userIds = [...new Set([...waiting].map(({ userId }) => userId))];
      await lookAtFast(userIds);
      if (waiting.size > 0 && round % durableEach === 1) void lookAtDurable(userIds);
      await pause(lookMs);
    }
    looking = false;
  }

  function waitFor(userId: string, place: PlayPosition): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (result: boolean) => {
        clearTimeout(timer);
        waiting.delete(waiter);
        resolve(result);
      };
      const waiter: Waiter = { userId, ...place, end };
      const timer = setTimeout(end, deadlineMs, false);
      waiting.add(waiter);
      if (looking) void lookAtFast([userId]);
      else void look();
    });
  }

  return {
    async wait(userId, token) {
      const place = decodePlayPosition(token);
      if (!place) throw new InvalidTokenError(token);
      const stop = seconds.startTimer();
      if (waiting.size >= most || waitingOf(userId) >= mostOfUser) {
        stop({ outcome: 'crowded' });
        return isIn((await profiles.findPositions([userId])).get(userId), place);
      }
      const caughtUp = await waitFor(userId, place);
      stop({ outcome: caughtUp ? 'in' : 'late' });
      return caughtUp;
    },
    notice: (saved) => {
      if (waiting.size > 0) notice(positionsOf(saved));
    },
  };
}

function isIn(positions: Positions | undefined, { partition, offset }: PlayPosition): boolean {
  const next = positions?.[partition];
  return next !== undefined && BigInt(next) > offset;
}

const positionsOf = (profiles: ReadonlyMap<string, Pick<TasteProfile, 'positions'>>) =>
  new Map([...profiles].map(([userId, { positions }]) => [userId, positions]));

const lookMs = 20;
/** Five times a second. */
const durableEach = 10;
