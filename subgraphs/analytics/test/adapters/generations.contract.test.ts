import { setTimeout as pause } from 'node:timers/promises';
import type { Consumed } from '@medley/event-log';
import { encodeId } from '@medley/ids';
import { testDatabaseKind } from '@medley/testing/database';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generationTables } from '../../src/adapters/generation-tables.ts';
import { GenerationGoneError } from '../../src/domain/generations.ts';
import { findLost } from '../../src/rebuild-places.ts';
import { type Counting, openCounting, rowsOf } from '../counting.ts';
import { played, type TrackPlayed } from '../told-plays.ts';

const topic = 'test.plays.v1';
const placed = ({ low = 0n, high = 1_000n, partition = 0, isBehind = true } = {}) => ({
  ...{ topic, partition, low, high, isBehind },
});
const logOf = (range?: { low?: bigint; high?: bigint }) => async () => [placed(range)];

describe(`generations on ${testDatabaseKind}`, () => {
  let counting: Counting;
  beforeEach(async () => {
    counting = await openCounting();
  });
  afterEach(() => counting?.close());

  const at = (event: TrackPlayed, offset: number, from = topic): Consumed<TrackPlayed> => ({
    ...{ event, topic: from, partition: 0, offset: BigInt(offset), time: new Date() },
  });
  const record = (events: readonly Consumed<TrackPlayed>[], into: 'all' | number = 'all') =>
    counting.ledgers.plays.record(events, { into, refuse: (_, reason) => expect.fail(reason) });
  async function playsOf(generation: number) {
    const rows = await counting.client.trackTotal.findMany({ where: { generation } });
    return rows.reduce((sum, { plays }) => sum + Number(plays), 0);
  }
  const tablesOf = async (generation: number) =>
    Number(
      (
        await counting.client.$queryRaw<{ count: bigint }[]>`
          SELECT count(*) FROM pg_tables WHERE schemaname = 'analytics' AND tablename LIKE ${`%\\_g${generation}`}`
      )[0]?.count,
    );

  it('begin with one, however many processes prepare them, and however often', async () => {
    const { generations } = counting;
    await Promise.all([generations.prepare(), generations.prepare(), generations.prepare()]);
    const { current, building } = await generations.find();
    expect([current?.id, building]).toEqual([1, null]);
    expect(await tablesOf(1)).toBeGreaterThanOrEqual(generationTables.length);
    expect(await tablesOf(2)).toBe(0);
  });

  it('are built one at a time', async () => {
    const [one, other] = await Promise.all([counting.generations.build(), counting.generations.build()]);
    expect([one.id, other.id]).toEqual([2, 2]);
    expect((await counting.generations.find()).building).toEqual(one);
  });

  it('that are built get what is shown as soon as they have come as far, and in the order of the log', async () => {
    const userId = encodeId('user', '00000000-0000-4000-8000-000000000001');
    const [first, second, third, fourth] = [0, 60_000, 400_000, 800_000].map((ms) =>
      played({ userId, at: Date.now() - 40_000_000 + ms }),
    ) as [TrackPlayed, TrackPlayed, TrackPlayed, TrackPlayed];
    await record([at(first, 0)]);
    const { id } = await counting.generations.build();
    // Not to be judged before the first.
    await record([at(second, 1)]);
    expect([await playsOf(1), await playsOf(id)]).toEqual([1, 0]);
    await record([at(first, 0)], id);
    await record([at(third, 2)]);
    expect(await playsOf(id)).toBe(1);
    await record([at(second, 1)], id);
    // From here on it is as far.
    await record([at(third, 2), at(fourth, 3)]);
    expect([await playsOf(1), await playsOf(id)]).toEqual([3, 3]);
    await record([at(third, 2)], id);
    expect(await counting.generations.show(id, logOf())).toBe(true);
    expect(await rowsOf(counting.client, 'doubtful_plays', id)).toEqual(
      await rowsOf(counting.client, 'doubtful_plays', 1),
    );
    expect(await rowsOf(counting.client, 'account_days', id)).toEqual(
      await rowsOf(counting.client, 'account_days', 1),
    );
  });

  it('that are built get dead letters that are sent again, which have no order', async () => {
    await record([at(played(), 5)]);
    const { id } = await counting.generations.build();
    await record([at(played(), 0, `${topic}.retry`)]);
    expect([await playsOf(1), await playsOf(id)]).toEqual([2, 1]);
  });

  it('are not shown before they have come as far as the one that is', async () => {
    await record([at(played(), 0), at(played(), 1)]);
    const { id } = await counting.generations.build();
    expect(await counting.generations.show(id, logOf())).toBe(false);
    await record([at(played(), 0)], id);
    expect(await counting.generations.show(id, logOf())).toBe(false);
    await record([at(played(), 1)], id);
    expect(await counting.generations.show(id, logOf())).toBe(true);
    expect((await counting.generations.find()).current?.id).toBe(id);
    // Asked again by another process.
    expect(await counting.generations.show(id, logOf())).toBe(true);
    await counting.generations.dropRetired();
    expect([await tablesOf(1), await counting.client.generation.count()]).toEqual([0, 1]);
    await record([at(played(), 2)]);
    expect(await playsOf(id)).toBe(3);
  });

  it('are shown without what the log has forgotten', async () => {
    await record([at(played(), 7)]);
    const { id } = await counting.generations.build();
    expect(await counting.generations.show(id, logOf({ low: 7n }))).toBe(false);
    expect(await counting.generations.show(id, logOf({ low: 8n }))).toBe(true);
  });

  it('know what of their numbers the log has forgotten', async () => {
    await record([at(played(), 7), at(played(), 8)]);
    await record([at(played(), 0, `${topic}.retry`)]);
    const counted = await counting.generations.findCounted(1);
    expect(counted).toEqual([{ topic, partition: 0, from: 7n, to: 9n }]);
    expect(findLost(counted, [placed({ low: 7n, high: 9n }), placed({ low: 9n, partition: 1 })])).toEqual([]);
    expect(findLost(counted, [placed({ low: 8n })])).toEqual(counted);
    // A rebuild that goes on has counted it.
    expect(findLost(counted, [placed({ low: 8n, isBehind: false })])).toEqual([]);
  });

  it('know that the log was replaced, and are shown then without what was in the old one', async () => {
    await record([at(played(), 7), at(played(), 8)]);
    const counted = await counting.generations.findCounted(1);
    expect(findLost(counted, [placed({ high: 8n, isBehind: false })])).toEqual(counted);
    expect(findLost(counted, [])).toEqual(counted);
    const { id } = await counting.generations.build();
    expect(await counting.generations.show(id, logOf({ high: 1n }))).toBe(false);
    await record([at(played(), 0)], id);
    expect(await counting.generations.show(id, logOf({ high: 2n }))).toBe(false);
    expect(await counting.generations.show(id, logOf({ high: 1n }))).toBe(true);
  });

  it('are told how far the log is when nobody counts any more', async () => {
    const { id } = await counting.generations.build();
    const order: string[] = [];
    let counted: Promise<unknown> | undefined;
    await counting.generations.show(id, async () => {
      counted = record([at(played(), 0)]).then(() => order.push('counted'));
      await pause(100);
      order.push('told');
      return [placed({ high: 0n })];
    });
    await counted;
    expect(order).toEqual(['told', 'counted']);
    expect(await playsOf(id)).toBe(1);
  });

  it('never get a number again, so nobody who still builds one that was given up adds to another', async () => {
    const { generations } = counting;
    const { id: givenUp } = await generations.build();
    await generations.giveUp(givenUp);
    await generations.dropRetired();
    const { id } = await generations.build();
    expect(id).toBeGreaterThan(givenUp);
    await expect(record([at(played(), 0)], givenUp)).rejects.toThrow(GenerationGoneError);
    expect(await playsOf(id)).toBe(0);
  });

  it('are prepared and given up while somebody reads the old ones', async ({ skip }) => {
    skip(!process.env.TEST_POSTGRES_URL, 'one connection');
    const { generations, client } = counting;
    const { id } = await generations.build();
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let reads = () => {};
    const isReading = new Promise<void>((resolve) => {
      reads = resolve;
    });
    const reading = client.$transaction(
      async (tx) => {
        await tx.$queryRaw`SELECT count(*) FROM analytics.play_series`;
        reads();
        await finished;
      },
      { timeout: 30_000 },
    );
    await isReading;
    try {
      await generations.giveUp(id);
      await generations.prepare();
      await expect(generations.dropRetired()).rejects.toThrow(/lock timeout/);
    } finally {
      finish();
      await reading;
    }
    await generations.dropRetired();
    expect(await tablesOf(id)).toBe(0);
  });

  it('that are given up leave nothing behind, and nobody adds to them', async () => {
    const { generations } = counting;
    const { id } = await generations.build();
    await record([at(played(), 0)], id);
    await generations.giveUp(id);
    await generations.giveUp(id);
    expect(await tablesOf(id)).toBeGreaterThan(0);
    await generations.dropRetired();
    expect([await tablesOf(id), (await generations.find()).building]).toEqual([0, null]);
    expect(await counting.client.generationPosition.count({ where: { generation: id } })).toBe(0);
    await expect(record([at(played(), 1)], id)).rejects.toThrow(GenerationGoneError);
    await expect(generations.show(id, async () => [])).rejects.toThrow(GenerationGoneError);
    await record([at(played(), 1)]);
    expect(await playsOf(1)).toBe(1);
  });

  it('are not given up while they are shown', async () => {
    await counting.generations.giveUp(1);
    expect((await counting.generations.find()).current?.id).toBe(1);
  });
});
