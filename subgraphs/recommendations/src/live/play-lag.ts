import type { EventLog } from '@medley/event-log';
import { playEvents } from '@medley/events';
import type { PlayLag } from '../domain/caught-up.ts';
import { inTime } from '../domain/in-time.ts';
import { playsGroup } from './follow-plays.ts';

export interface PlayLagOptions {
  readonly log: Pick<EventLog, 'admin'>;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

export interface WatchedPlayLag extends PlayLag {
  stop(): void;
}

type Known = ReturnType<PlayLag['lag']>;

/**
 * Watches how far all processes together are behind what is played: what each partition holds that the group has not committed, and
 * when the first of that was appended. It looks once a second while anybody asks, else every ten; who asks gets what it saw last.
 */
export function watchPlayLag({ log, clock = Date.now }: PlayLagOptions): WatchedPlayLag {
  const began = new Date(clock());
  let known: Known = { asOf: began, eventLagMs: null };
  let lookedAt = 0;
  let askedAt = 0;
  let looking = false;
  let stopped = false;

  async function look(): Promise<void> {
    if (looking || stopped) return;
    looking = true;
    lookedAt = clock();
    try {
      known = await inTime(patienceMs, findLag(log, lookedAt));
    } catch {
      // That the log is away others tell.
      known = { ...known, eventLagMs: null };
    }
    looking = false;
  }

  const timer = setInterval(() => {
    const now = clock();
    if (now - askedAt < 10_000 || now - lookedAt >= 10_000) void look();
  }, 1_000).unref();
  void look();

  return {
    lag() {
      askedAt = clock();
      if (askedAt - lookedAt >= 1_000) void look();
      return known;
    },
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}

async function findLag({ admin }: Pick<EventLog, 'admin'>, now: number): Promise<Known> {
  const positions = await admin.positions(playsGroup, [playEvents.name]);
  const waiting = positions.filter(({ lag }) => lag > 0n);
  const fresh = waiting.some(({ committed }) => committed === null);
  const ends = fresh ? await admin.offsets(playEvents.name) : [];
  const firsts = await Promise.all(
    waiting.map(async ({ partition, committed }) => {
      const from = committed ?? ends.find((end) => end.partition === partition)?.low ?? 0n;
      const [first] = await admin.read(playEvents.name, partition, from, 1);
      return first ? first.time.getTime() : now;
    }),
  );
  const asOf = Math.min(now, ...firsts);
  return { asOf: new Date(asOf), eventLagMs: now - asOf };
}

const patienceMs = 2_000;
