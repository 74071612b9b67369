import type { Cluster } from 'kafkajs';
import type { StoredRecord, Subscription, TailOptions } from '../event-log.ts';
import { pause } from '../pause.ts';
import { fetchRecords, findLeaders, findOffsets } from './cluster.ts';
import type { KafkaAccess } from './connection.ts';
import { isAnswered, isFinal, reasonOf } from './kafka-errors.ts';
import { createClusterLine, metadataMaxAgeMs } from './kafka-line.ts';
import { endsWithin } from './within.ts';

/**
 * Reads all partitions of a topic without a group. Whatever fails is begun anew from where it was, for ever; positions are in
 * memory only.
 */
export async function startTail(connection: KafkaAccess, options: TailOptions): Promise<Subscription> {
  const { topic, from, handle, onCrash, onCaughtUp } = options;
  const { logger } = connection;
  const began = new Date();
  const stopping = new AbortController();
  const positions = new Map<number, bigint>();
  /** What was there at the start and has not been handed over yet; null until that is known. */
  let awaited: Map<number, bigint> | null = null;
  let isCaughtUp = false;
  let handling: Promise<void> = Promise.resolve();
  const line = createClusterLine(connection, { requestTimeoutMs: 10_000, retries: 1 });

  let toldPlaced = () => {};
  const placed = new Promise<void>((resolve) => {
    toldPlaced = resolve;
  });

  async function findStart(cluster: Cluster, partitions: readonly number[]): Promise<Map<number, bigint>> {
    if (from === 'beginning') return findOffsets(cluster, topic, partitions, { fromBeginning: true });
    // What was appended while Kafka could not be asked for its end is new.
    const late = Date.now() - began.getTime() > placeWithinMs;
    if (from === 'end' && !late) return findOffsets(cluster, topic, partitions, { fromBeginning: false });
    const time = from === 'end' ? began : from;
    return findOffsets(cluster, topic, partitions, { fromTimestamp: time.getTime() });
  }

  /** Where to begin in partitions that were not seen before. */
  async function place(cluster: Cluster, partitions: readonly number[]): Promise<void> {
    const unseen = partitions.filter((partition) => !positions.has(partition));
    if (unseen.length === 0) return;
    const ends = await findOffsets(cluster, topic, unseen, { fromBeginning: false });
    const isLater = awaited !== null;
    // A partition that was added later is new from its beginning.
    const starts = isLater
      ? await findOffsets(cluster, topic, unseen, { fromBeginning: true })
      : await findStart(cluster, unseen);
    for (const partition of unseen) {
      const start = starts.get(partition) ?? -1n;
      positions.set(partition, start < 0n ? (ends.get(partition) ?? 0n) : start);
    }
    awaited ??= ends;
    toldPlaced();
    checkCaughtUp();
  }

  function checkCaughtUp(): void {
    if (isCaughtUp || !awaited) return;
    for (const [partition, end] of awaited) if ((positions.get(partition) ?? 0n) < end) return;
    isCaughtUp = true;
    onCaughtUp?.();
  }

  /** Retention or a new topic of the same name took what was next. */
  async function recover(cluster: Cluster, partitions: readonly number[]): Promise<void> {
    const lows = await findOffsets(cluster, topic, partitions, { fromBeginning: true });
    const highs = await findOffsets(cluster, topic, partitions, { fromBeginning: false });
    for (const partition of partitions) {
      const [low, high] = [lows.get(partition) ?? 0n, highs.get(partition) ?? 0n];
      const position = positions.get(partition) ?? 0n;
      if (position >= low && position <= high) continue;
      logger.warn(
        { topic, partition, position: String(position), low: String(low) },
        'records are gone unread',
      );
      positions.set(partition, low);
    }
    checkCaughtUp();
  }

  async function handOver(records: readonly StoredRecord[]): Promise<void> {
    try {
      await handle(records);
    } catch (error) {
      logger.warn({ err: error, topic }, 'records are to be handled again');
      throw error;
    }
  }

  async function follow(cluster: Cluster, nodeId: string, partitions: readonly number[], round: AbortSignal) {
    while (!round.aborted) {
      const wanted = new Map(partitions.map((partition) => [partition, positions.get(partition) ?? 0n]));
      const fetched = await fetchRecords(cluster, nodeId, topic, wanted, fetchWaitMs);
      if (round.aborted) return;
      // One at a time, whichever broker they come from.
      handling = handling.then(async () => {
        for (const { partition, records, next } of fetched) {
          if (stopping.signal.aborted) return;
          if (records.length > 0) await handOver(records);
          positions.set(partition, next);
        }
        checkCaughtUp();
      });
      await handling;
    }
  }

  /** Reads until leaders or partitions are others. @throws what ends it */
  async function readWhileSame(cluster: Cluster): Promise<void> {
    const leaders = await findLeaders(cluster, topic);
    const all = [...leaders.values()].flat();
    await place(cluster, all);
    const round = new AbortController();
    const end = () => round.abort();
    stopping.signal.addEventListener('abort', end);
    const watch = async () => {
      const before = describe(leaders);
      while (!round.signal.aborted) {
        await pause(metadataMaxAgeMs, round.signal);
        if (round.signal.aborted) return;
        await cluster.refreshMetadata();
        if (describe(await findLeaders(cluster, topic)) !== before) return;
      }
    };
    try {
      const reads = [...leaders].map(([nodeId, own]) => follow(cluster, nodeId, own, round.signal));
      await Promise.race([watch(), Promise.all(reads)]);
    } catch (error) {
      if (!isAnswered(error, ['OFFSET_OUT_OF_RANGE'])) throw error;
      await recover(cluster, all);
    } finally {
      end();
      stopping.signal.removeEventListener('abort', end);
    }
  }

  async function read(): Promise<void> {
    let waitMs = 100;
    while (!stopping.signal.aborted) {
      const begun = Date.now();
      try {
        await line.use(readWhileSame);
      } catch (error) {
        if (stopping.signal.aborted) return;
        if (isFinal(error)) {
          onCrash(error as Error);
          return;
        }
        if (Date.now() - begun > 10_000) waitMs = 100;
        logger.debug({ topic, reason: reasonOf(error) }, 'reading a topic begins anew');
        handling = handling.catch(() => {});
        await pause(waitMs, stopping.signal);
        waitMs = Math.min(2 * waitMs, 2_000);
      }
    }
  }

  const reading = read();
  // Who appends after this is seen by who begins at the end.
  await endsWithin(placeWithinMs, placed);

  let stopped: Promise<void> | null = null;
  async function stop(): Promise<void> {
    stopping.abort();
    await handling.catch(() => {});
    line.sever();
    await reading;
  }
  return { stop: () => (stopped ??= stop()) };
}

const describe = (leaders: ReadonlyMap<string, number[]>) =>
  [...leaders]
    .map(([nodeId, partitions]) => `${nodeId}:${partitions.toSorted()}`)
    .sort()
    .join(' ');

const placeWithinMs = 2_000;
/** How long a broker waits when there is nothing new. */
const fetchWaitMs = 500;
