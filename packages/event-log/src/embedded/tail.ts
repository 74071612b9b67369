import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@medley/service';
import type { StoredRecord, Subscription, TailOptions } from '../event-log.ts';
import type { PartitionState, Topics } from './topics.ts';

export interface TailParts {
  readonly topics: Topics;
  readonly read: (partition: PartitionState, from: bigint) => Promise<readonly StoredRecord[]>;
  readonly findOffsetAt: (partition: PartitionState, time: Date) => Promise<bigint>;
  readonly logger: Logger;
}

/** Reads all partitions of a topic in turn, page by page. */
export async function startTail(options: TailOptions, parts: TailParts): Promise<Subscription> {
  const { topic: name, from, handle, onCaughtUp } = options;
  const { topics, read, findOffsetAt } = parts;
  const logger = parts.logger.child({ topic: name });
  const stopping = new AbortController();
  /** The next to be read. Partitions that are added later are read from their beginning. */
  const positions = new Map<PartitionState, bigint>();
  /** Where each ended at the start. */
  const goals = new Map<PartitionState, bigint>();
  for (const partition of topics.find(name)?.partitions ?? []) {
    goals.set(partition, partition.high);
    const position =
      from === 'beginning'
        ? partition.low
        : from === 'end'
          ? partition.high
          : await findOffsetAt(partition, from);
    positions.set(partition, position);
  }

  /** @returns whether there was anything */
  async function readPage(partition: PartitionState): Promise<boolean> {
    const position = positions.get(partition) ?? 0n;
    const { high } = partition;
    if (position >= high) return false;
    const records = await read(partition, position);
    if (records.length > 0) await handleUntilDone(records);
    if (!stopping.signal.aborted) positions.set(partition, (records.at(-1)?.offset ?? high - 1n) + 1n);
    return true;
  }

  async function handleUntilDone(records: readonly StoredRecord[]) {
    while (!stopping.signal.aborted) {
      try {
        return await handle(records);
      } catch (error) {
        logger.warn({ err: error }, 'records are to be handled again');
        await rest();
      }
    }
  }

  const rest = () => pause(250, undefined, { signal: stopping.signal }).catch(() => {});
  const hasCaughtUp = () => [...goals].every(([partition, goal]) => (positions.get(partition) ?? 0n) >= goal);

  async function run() {
    let caughtUp = false;
    while (!stopping.signal.aborted) {
      const topic = topics.find(name);
      let found = false;
      try {
        for (const partition of topic?.partitions ?? []) {
          if (!stopping.signal.aborted && (await readPage(partition))) found = true;
        }
      } catch (error) {
        logger.warn({ err: error }, 'records cannot be read');
        await rest();
        continue;
      }
      if (!caughtUp && !stopping.signal.aborted && hasCaughtUp()) {
        caughtUp = true;
        onCaughtUp?.();
      }
      // Between the last look and this line something may have come.
      const more = topic?.partitions.some((each) => (positions.get(each) ?? 0n) < each.high);
      if (!found && !more) await (topic?.grown ?? topics.changed).heard(stopping.signal);
    }
  }

  const running = run();
  return {
    stop() {
      stopping.abort();
      return running;
    },
  };
}
