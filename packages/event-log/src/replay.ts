import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog } from './event-log.ts';

/** Where a group is to go on. */
export type ReplayFrom =
  | 'beginning'
  | 'end'
  /** From the first records of that time. */
  | Date
  /** These partitions only. */
  | readonly { readonly partition: number; readonly offset: bigint }[];

export interface ReplayedPartition {
  readonly partition: number;
  /** Where the group was; null when it never committed. */
  readonly before: bigint | null;
  /** Where it goes on, within what is kept. */
  readonly after: bigint;
  /** How many records waited for it, and how many do now. */
  readonly lagBefore: bigint;
  readonly lagAfter: bigint;
}

/**
 * Lets a group go on from another place of a topic, so that it handles records once more, or leaves some out. Its consumers must have
 * stopped. A sink that claims event ids takes a replayed event for one that it had: forget its claims where it is to act again.
 * @param options.dryRun tells what would be, and changes nothing
 * @returns the partitions whose place changes
 * @throws GroupActiveError while somebody consumes as the group
 * @throws UnknownTopicError, LogUnavailableError
 * @throws RangeError for a partition that is not there
 */
export async function replay(
  log: Pick<EventLog, 'admin'>,
  {
    group,
    topic,
    from,
    dryRun = false,
  }: { readonly group: string; readonly topic: string; readonly from: ReplayFrom; readonly dryRun?: boolean },
): Promise<readonly ReplayedPartition[]> {
  const offsets = await log.admin.offsets(topic);
  const wanted = new Map<number, bigint>();
  if (from === 'beginning') for (const { partition, low } of offsets) wanted.set(partition, low);
  else if (from === 'end') for (const { partition, high } of offsets) wanted.set(partition, high);
  else {
    const given = from instanceof Date ? await log.admin.offsetsAt(topic, from) : from;
    for (const { partition, offset } of given) wanted.set(partition, offset);
  }
  for (const partition of wanted.keys())
    if (!offsets.some((known) => known.partition === partition))
      throw new RangeError(`${topic} has the partitions 0..${offsets.length - 1}, got ${partition}`);

  const positions = await log.admin.positions(group, [topic]);
  const replayed = offsets.flatMap(({ partition, low, high }): ReplayedPartition[] => {
    const offset = wanted.get(partition);
    if (offset === undefined) return [];
    const after = offset < low ? low : offset > high ? high : offset;
    const position = positions.find((known) => known.partition === partition);
    const { committed: before = null, lag: lagBefore = high - low } = position ?? {};
    return [{ partition, before, after, lagBefore, lagAfter: high - after }];
  });
  if (!dryRun) {
    const places = replayed.map(({ partition, after: offset }) => ({ partition, offset }));
    await log.admin.setPositions(group, topic, places);
  }
  return replayed;
}

/**
 * Resolves when the group has handled what waits for it now, which it does once its consumers run; also when the signal is aborted.
 * @param options.onProgress told every `intervalMs` (1,000 unless told otherwise) how much was handled, of how much
 * @returns whether all was handled
 */
export async function followGroup(
  log: Pick<EventLog, 'admin'>,
  options: {
    readonly group: string;
    readonly topic: string;
    readonly onProgress?: (progress: { readonly handled: bigint; readonly of: bigint }) => void;
    readonly signal?: AbortSignal;
    readonly intervalMs?: number;
  },
): Promise<boolean> {
  const { group, topic, onProgress = () => {}, signal, intervalMs = 1_000 } = options;
  // What is appended from now on does not count.
  const ends = await log.admin.offsets(topic);
  let of: bigint | undefined;
  while (!signal?.aborted) {
    const positions = await log.admin.positions(group, [topic]);
    const waiting = ends.reduce((sum, { partition, low, high }) => {
      const next = positions.find((position) => position.partition === partition)?.committed ?? low;
      return next < high ? sum + high - next : sum;
    }, 0n);
    of ??= waiting;
    onProgress({ handled: of - waiting, of });
    if (waiting === 0n) return true;
    await sleep(intervalMs, undefined, { signal }).catch(() => {});
  }
  return false;
}
