import { type EventLog, publishEvents } from '@medley/event-log';
import { allTopics, playEvents } from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { openTestEventLog, type TestEventLog } from '@medley/testing/event-log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GenerationGoneError } from '../src/domain/generations.ts';
import { type Ingestion, startIngestion } from '../src/ingestion.ts';
import { type RebuildOptions, rebuild } from '../src/rebuild.ts';
import { NumbersWouldBeLostError } from '../src/rebuild-places.ts';
import { type Counting, openCounting } from './counting.ts';
import { played } from './told-plays.ts';

describe('counting anew', () => {
  let counting: Counting;
  let world: TestEventLog;
  let ingestion: Ingestion | undefined;
  beforeEach(async () => {
    [counting, world] = [await openCounting(), await openTestEventLog()];
    await world.log.admin.ensureTopics(allTopics);
  });
  afterEach(async () => {
    await ingestion?.stop();
    ingestion = undefined;
    await world?.close();
    await counting?.close();
  });

  const rebuildAll = (options: Partial<RebuildOptions> = {}) =>
    rebuild({ ...counting, log: world.log, logger: silentLogger, ...options });
  const generations = async () => {
    const { current, building } = await counting.generations.find();
    return { current: current?.id, building: building?.id };
  };
  const shownPlays = async () => {
    const { current } = await counting.generations.find();
    const { _sum } = await counting.client.trackTotal.aggregate({
      where: { generation: current?.id },
      _sum: { plays: true },
    });
    return Number(_sum.plays);
  };
  async function tellAndCount(count: number) {
    const plays = Array.from({ length: count }, () => played());
    await publishEvents(world.log, playEvents, plays);
    ingestion = startIngestion({
      ...{ ...counting, log: world.log, logger: silentLogger, metrics: createMetrics() },
      onCrash: (error) => expect.fail(error.message),
    });
    const lag = async () =>
      (await world.log.admin.positions('analytics.plays', [playEvents.name])).reduce(
        (sum, { lag }) => sum + lag,
        0n,
      );
    await expect.poll(lag, { timeout: 60_000, interval: 50 }).toBe(0n);
    return plays;
  }
  /** The log, when it has forgotten what lies before these offsets. */
  const forgetful = (low: (high: bigint) => bigint): Pick<EventLog, 'subscribe' | 'admin'> => ({
    subscribe: (options) => world.log.subscribe(options),
    admin: {
      ...world.log.admin,
      offsets: async (topic) =>
        (await world.log.admin.offsets(topic)).map((partition) => ({
          ...partition,
          low: low(partition.high),
        })),
    },
  });

  it('tells how far it is, and what it counted', async () => {
    await tellAndCount(40);
    const progress: [bigint, bigint][] = [];
    const { generation, handled, leftOut } = await rebuildAll({
      onProgress: ({ handled, of }) => progress.push([handled, of]),
    });
    expect([generation.id, handled, leftOut, await shownPlays()]).toEqual([2, 40n, 0, 40]);
    expect(progress.at(-1)).toEqual([40n, 40n]);
    expect(await generations()).toEqual({ current: 2, building: undefined });
  });

  it('leaves out what is no event or was refused, and makes no dead letters of it again', async () => {
    const [play] = await tellAndCount(10);
    const key = play?.key as string;
    await world.log.append(playEvents.name, [{ key, value: Buffer.from('{') }]);
    await publishEvents(world.log, playEvents, [played({ market: 'Germany', userId: key })]);
    const letters = async () => (await world.log.admin.offsets(`${playEvents.name}.dlq`))[0]?.high;
    await expect.poll(letters, { timeout: 20_000 }).toBe(2n);
    expect(await rebuildAll()).toMatchObject({ handled: 12n, leftOut: 2 });
    expect([await letters(), await shownPlays()]).toEqual([2n, 10]);
  });

  it('is refused when the log has forgotten what was counted, unless told to lose it', async () => {
    await tellAndCount(40);
    const log = forgetful((high) => high);
    await expect(rebuildAll({ log })).rejects.toThrow(NumbersWouldBeLostError);
    await expect(rebuildAll({ log })).rejects.toThrow(/streaming\.play-events\.v1/);
    expect(await generations()).toEqual({ current: 1, building: undefined });
    await rebuildAll({ log, loseOlder: true });
    expect(await generations()).toEqual({ current: 2, building: undefined });
  });

  it('is refused when the log was replaced, unless told to lose what was counted; then it ends', async () => {
    await tellAndCount(40);
    await ingestion?.stop();
    const interruption = new AbortController();
    const interrupted = rebuildAll({
      signal: interruption.signal,
      generations: { ...counting.generations, show: async () => false },
      onProgress: ({ handled, of }) => handled === of && interruption.abort(new Error('interrupted')),
    });
    await expect(interrupted).rejects.toThrow('interrupted');
    const { log, close } = await openTestEventLog();
    try {
      await expect(rebuildAll({ log })).rejects.toThrow(NumbersWouldBeLostError);
      await log.admin.ensureTopics(allTopics);
      await expect(rebuildAll({ log })).rejects.toThrow(NumbersWouldBeLostError);
      expect(await shownPlays()).toBe(40);
      await publishEvents(log, playEvents, [played()]);
      await rebuildAll({ log, loseOlder: true, signal: AbortSignal.timeout(20_000) });
      expect([await generations(), await shownPlays()]).toEqual([{ current: 3, building: undefined }, 1]);
    } finally {
      await close();
    }
  });

  it('begins anew when an interrupted one was left until the log forgot what comes next', async () => {
    await tellAndCount(40);
    const interruption = new AbortController();
    const interrupted = rebuildAll({
      signal: interruption.signal,
      generations: { ...counting.generations, show: async () => false },
      onProgress: ({ handled, of }) => handled === of && interruption.abort(new Error('interrupted')),
    });
    await expect(interrupted).rejects.toThrow('interrupted');
    expect(await generations()).toEqual({ current: 1, building: 2 });
    await publishEvents(
      world.log,
      playEvents,
      Array.from({ length: 60 }, () => played()),
    );
    // All that was there, and the next ones.
    await rebuildAll({ log: forgetful((high) => high), loseOlder: true });
    expect(await generations()).toEqual({ current: 3, building: undefined });
    expect(await counting.client.generation.findMany({ where: { id: { not: 3 } } })).toEqual([]);
  });

  it('ends when an event cannot be counted: it would be lost', async () => {
    await tellAndCount(5);
    const { plays } = counting.ledgers;
    const ledgers = {
      ...counting.ledgers,
      plays: {
        ...plays,
        record: async () => {
          throw new TypeError('a bug');
        },
      },
    };
    await expect(rebuildAll({ ledgers })).rejects.toThrow('a bug');
    expect(await generations()).toEqual({ current: 1, building: 2 });
    await rebuildAll();
    expect([await generations(), await shownPlays()]).toEqual([{ current: 2, building: undefined }, 5]);
  });

  it('ends when somebody gives it up', async () => {
    await tellAndCount(5);
    let givingUp: Promise<void> | undefined;
    const givenUp = rebuildAll({
      generations: { ...counting.generations, show: async () => false },
      onProgress: () => {
        givingUp ??= counting.generations.giveUp(2);
      },
    });
    await publishEvents(world.log, playEvents, [played()]);
    // The last may come when the log is closed.
    const later = setInterval(
      () => void publishEvents(world.log, playEvents, [played()]).catch(() => {}),
      100,
    );
    await expect(givenUp.finally(() => clearInterval(later))).rejects.toThrow(GenerationGoneError);
    await givingUp;
    expect(await generations()).toEqual({ current: 1, building: undefined });
  });

  it('is done by two at once as by one', async () => {
    await tellAndCount(60);
    const [one, other] = await Promise.all([rebuildAll(), rebuildAll()]);
    expect([one.generation.id, other.generation.id]).toEqual([2, 2]);
    expect(await shownPlays()).toBe(60);
  });

  it('does nothing when it is interrupted before it begins', async () => {
    await expect(rebuildAll({ signal: AbortSignal.abort(new Error('interrupted')) })).rejects.toThrow(
      'interrupted',
    );
    expect(await generations()).toEqual({ current: 1, building: undefined });
  });
});
