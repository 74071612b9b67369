import { createBell } from '../embedded/bell.ts';
import type { EventLog, StoredRecord, Subscription } from '../event-log.ts';
import { timedSignal } from './timed-signal.ts';
import type { Answer, Request } from './wire.ts';

/** Reads topics for whoever keeps its positions itself. */
export interface Follower {
  /** Waits until there is something after these positions, at most some seconds. */
  follow(request: Request<'follow'>, signal: AbortSignal): Promise<Answer<'follow'>>;
  stop(): Promise<void>;
}

const waitMs = 5_000;
const maxRecords = 500;

export function createFollower(log: EventLog): Follower {
  const grown = createBell();
  /** One for each topic that anybody waited for; it only wakes. */
  const tails = new Map<string, Promise<Subscription>>();

  function watch(topic: string): Promise<Subscription> {
    const known = tails.get(topic);
    if (known) return known;
    const tail = log.tail({ topic, from: 'end', handle: grown.ring, onCrash: grown.ring });
    tails.set(topic, tail);
    tail.catch(() => tails.delete(topic));
    return tail;
  }

  async function readOn({ topic, positions }: Request<'follow'>): Promise<Answer<'follow'>> {
    const given = new Map(positions.map(({ partition, offset }) => [partition, offset]));
    const records: StoredRecord[] = [];
    const reached: { partition: number; offset: bigint }[] = [];
    for (const { partition, low, high } of await log.admin.offsets(topic)) {
      const from = given.get(partition) ?? low;
      if (from >= high || records.length >= maxRecords) continue;
      const found = await log.admin.read(topic, partition, from, maxRecords - records.length);
      records.push(...found);
      // None: compaction took what was there.
      reached.push({ partition, offset: (found.at(-1)?.offset ?? high - 1n) + 1n });
    }
    return { records, positions: reached };
  }

  return {
    async follow(request, signal) {
      const enough = timedSignal(waitMs, signal);
      try {
        // First the watch, or what comes after the look would wake nobody.
        await watch(request.topic);
        for (;;) {
          const found = await readOn(request);
          if (found.positions.length > 0 || enough.signal.aborted) return found;
          await grown.heard(enough.signal);
        }
      } finally {
        enough.release();
      }
    },
    async stop() {
      await Promise.all([...tails.values()].map(async (tail) => (await tail).stop()));
    },
  };
}
