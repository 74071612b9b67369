import { type EventLog, UnknownTopicError } from '@medley/event-log';
import type { Generation, Generations, LogStart } from './domain/generations.ts';
import type { Source } from './ingestion.ts';

/** The log has forgotten some of what was counted. */
export class NumbersWouldBeLostError extends Error {
  constructor(lost: readonly LogStart[]) {
    const topics = [...new Set(lost.map(({ topic }) => topic))].join(', ');
    super(
      `the log has forgotten older events of ${topics}: new numbers would lack what was counted from them`,
    );
    this.name = 'NumbersWouldBeLostError';
  }
}

/** How far a rebuild has come in a partition. */
export interface Place extends LogStart {
  /** After the last record that there is. */
  readonly high: bigint;
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

export const startsOf = (places: readonly Place[]): readonly LogStart[] =>
  places.map(({ topic, partition, low }) => ({ topic, partition, low }));

/** How many records are still to be handled of those that there were. */
export const countWaiting = (goals: readonly Place[], places: readonly Place[]): bigint =>
  goals.reduce((sum, { topic, partition, high }) => {
    const place = places.find((known) => known.topic === topic && known.partition === partition);
    const next = place?.next ?? high;
    return next < high ? sum + high - next : sum;
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
  let { building } = await generations.find();
  let places = await findPlaces(log, sources, building);
  const isTorn = places.some(({ low, next, isBehind }) => isBehind && next < low);
  if (building && isTorn) {
    // It was left for so long that the log has forgotten what comes next.
    await generations.giveUp(building.id);
    building = null;
    places = await findPlaces(log, sources, null);
  }
  const lost = await generations.findLost(startsOf(places.filter(({ isBehind }) => isBehind)));
  if (lost.length > 0 && !loseOlder) throw new NumbersWouldBeLostError(lost);
  return building ?? generations.build();
}
