import { type EventLog, UnknownTopicError } from '@medley/event-log';
import type { Counted, Generation, Generations, LogRange } from './domain/generations.ts';
import type { Source } from './ingestion.ts';

/** The log has forgotten some of what was counted, or is another one. */
export class NumbersWouldBeLostError extends Error {
  constructor(lost: readonly Counted[]) {
    const topics = [...new Set(lost.map(({ topic }) => topic))].join(', ');
    super(`the log no longer has events of ${topics}: new numbers would lack what was counted from them`);
    this.name = 'NumbersWouldBeLostError';
  }
}

/** How far a rebuild has come in a partition. */
export interface Place extends LogRange {
  /** What it handles next. */
  readonly next: bigint;
  /** Whether the log has forgotten records that it did not handle. */
  readonly isBehind: boolean;
}

type Admin = { readonly admin: Pick<EventLog['admin'], 'offsets' | 'positions'> };

/**
 * The consumer group that counts into a generation while it is built. With the time, as a database that was restored from a backup gives
 * the same number once more, and a group goes on where it was.
 */
export const groupOf = (group: string, { id, startedAt }: Generation): string =>
  `${group}.rebuild-${id}-${startedAt.getTime()}`;

/** Of each partition of all topics; those that are not there yet have none. */
export async function findPlaces(
  { admin }: Admin,
  sources: readonly Source[],
  generation: Generation | null,
): Promise<readonly Place[]> {
  const places = sources.map(async ({ topic: { name }, group }): Promise<Place[]> => {
    const offsets = await admin.offsets(name);
    const positions = generation ? await admin.positions(groupOf(group, generation), [name]) : [];
    return offsets.map(({ partition, low, high }) => {
      const committed = positions.find((position) => position.partition === partition)?.committed ?? null;
      const isBehind = committed === null ? low > 0n : committed < low;
      return { topic: name, partition, low, high, next: committed ?? low, isBehind };
    });
  });
  const settled = places.map((found) =>
    found.catch((error: unknown) => {
      if (error instanceof UnknownTopicError) return [];
      throw error;
    }),
  );
  return (await Promise.all(settled)).flat();
}

const isSamePartition = (
  one: Pick<LogRange, 'topic' | 'partition'>,
  other: Pick<LogRange, 'topic' | 'partition'>,
): boolean => one.topic === other.topic && one.partition === other.partition;

/** What was counted of another log: one that came farther than this one is now. */
const findReplaced = (counted: readonly Counted[], places: readonly LogRange[]): readonly Counted[] =>
  counted.filter((each) => each.to > (places.find((place) => isSamePartition(place, each))?.high ?? 0n));

/**
 * Which of the numbers that are shown would be lost in new ones: the log has forgotten what they were counted from, or was replaced.
 * @param counted read before `places`: counting goes on meanwhile
 */
export const findLost = (
  counted: readonly Counted[],
  places: readonly Pick<Place, 'topic' | 'partition' | 'low' | 'high' | 'isBehind'>[],
): readonly Counted[] => {
  const replaced = findReplaced(counted, places);
  const isForgotten = (each: Counted) =>
    places.some((place) => isSamePartition(place, each) && place.isBehind && each.from < place.low);
  return counted.filter((each) => replaced.includes(each) || isForgotten(each));
};

/** How many records are still to be handled of those that there were. */
export const countWaiting = (goals: readonly Place[], places: readonly Place[]): bigint =>
  goals.reduce((sum, goal) => {
    const next = places.find((place) => isSamePartition(place, goal))?.next ?? goal.high;
    return next < goal.high ? sum + goal.high - next : sum;
  }, 0n);

/**
 * Goes on with the generation that is being built, or begins one.
 * @throws NumbersWouldBeLostError unless told to lose them
 */
export async function beginRebuild({
  log,
  generations,
  sources,
  loseOlder,
}: {
  readonly log: Admin;
  readonly generations: Generations;
  readonly sources: readonly Source[];
  readonly loseOlder: boolean;
}): Promise<Generation> {
  await generations.prepare();
  const { current, building: found } = await generations.find();
  const counted = current ? await generations.findCounted(current.id) : [];
  const built = found ? await generations.findCounted(found.id) : [];
  let [building, places] = [found, await findPlaces(log, sources, found)];
  const isTorn = places.some(({ low, high, next, isBehind }) => (isBehind && next < low) || next > high);
  if (building && (isTorn || findReplaced(built, places).length > 0)) {
    // It was left for so long that the log has forgotten what comes next, or was replaced.
    await generations.giveUp(building.id);
    building = null;
    places = await findPlaces(log, sources, null);
  }
  const lost = findLost(counted, places);
  if (lost.length > 0 && !loseOlder) throw new NumbersWouldBeLostError(lost);
  return building ?? generations.build();
}
