import { testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addCounts } from '../../src/adapters/add-counts.ts';
import { createPruning } from '../../src/adapters/prisma-pruning.ts';
import { type Counting, openCounting } from '../counting.ts';

const now = new Date('2026-06-01T12:34:56.000Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

describe(`what is kept for some time on ${testDatabaseKind}`, () => {
  let counting: Counting;
  beforeAll(async () => {
    counting = await openCounting();
  });
  afterAll(() => counting?.close());

  async function keep(grain: number, ages: readonly number[]) {
    const bucketOf = (days: number) =>
      new Date(Math.floor(daysAgo(days).getTime() / (grain * 60_000)) * grain * 60_000);
    await addCounts(
      counting.client,
      1,
      {
        name: 'decision_series',
        keys: ['grain', 'bucket', 'market', 'tier', 'outcome'],
        counters: ['decisions'],
      },
      ages.map((days) => ({
        ...{
          grain,
          bucket: bucketOf(days).toISOString(),
          market: 'DE',
          tier: '',
          outcome: 'GRANTED',
          decisions: 1,
        },
      })),
    );
  }
  const kept = async (grain: number) => {
    const rows = await counting.client.decisionSeries.findMany({
      where: { grain },
      orderBy: { bucket: 'desc' },
    });
    return rows.map(({ bucket }) => Math.round((now.getTime() - bucket.getTime()) / 86_400_000));
  };

  it('is forgotten when it is older: minutes after 35 days, hours after 400, days never', async () => {
    await keep(1, [0, 34.99, 35.01, 36, 90, 90.02]);
    await keep(60, [0, 36, 399, 401, 500]);
    await keep(1440, [0, 36, 401, 4_000]);
    const { client } = counting;
    for (const [days, userId] of [
      [39, '00000000-0000-4000-8000-000000000001'],
      [42, '00000000-0000-4000-8000-000000000002'],
    ] as const)
      await client.$executeRaw`INSERT INTO analytics.account_days VALUES (1, ${daysAgo(days)}::date, ${userId}::uuid, '')`;
    for (const days of [2.9 / 24, 3.1 / 24])
      await client.$executeRaw`INSERT INTO analytics.edge_misses VALUES (1, ${daysAgo(days)}, '/audio/v1/x', 1, 1)`;

    expect(await counting.pruning.prune(now)).toEqual([
      { table: 'decision_series', rows: 4 },
      { table: 'decision_series', rows: 2 },
      { table: 'edge_misses', rows: 1 },
      { table: 'account_days', rows: 1 },
    ]);
    expect([await kept(1), await kept(60), await kept(1440)]).toEqual([
      [0, 35],
      [0, 36, 399],
      [1, 37, 402, 4_001],
    ]);
    expect(await counting.pruning.prune(now)).toEqual([]);
  });

  it('is forgotten a little at a time, and no more when that is to stop', async () => {
    await keep(1, [50, 50.5, 51]);
    const stopped = AbortSignal.abort();
    expect(await counting.pruning.prune(now, stopped)).toEqual([]);
    expect(await kept(1)).toHaveLength(5);
    await counting.pruning.prune(now);
    expect(await kept(1)).toHaveLength(2);
  });

  it('is forgotten by 10,000 rows a statement at most, of each generation its own', async () => {
    const { client } = counting;
    const { id } = await counting.generations.build();
    const misses = (generation: number, count: number, hours: number) => client.$executeRaw`
      INSERT INTO analytics.edge_misses
      SELECT ${generation}::int, ${daysAgo(hours / 24)}, '/audio/v1/' || number, 1, 1 FROM generate_series(1, ${count}::int) AS number`;
    // Rows at the same places of the tables of both.
    await client.$executeRaw`DELETE FROM analytics.edge_misses`;
    await misses(1, 10_500, 4);
    await misses(id, 10_500, 2);
    await misses(id, 5, 4);
    const portions: number[] = [];
    const watched = {
      generation: client.generation,
      $executeRawUnsafe: (sql: string, ...values: unknown[]) =>
        client.$executeRawUnsafe(sql, ...values).then((rows) => {
          if (rows > 0) portions.push(rows);
          return rows;
        }),
    };
    expect(await createPruning(watched as never).prune(now)).toEqual([
      { table: 'edge_misses', rows: 10_505 },
    ]);
    expect(portions).toEqual([10_000, 500, 5]);
    expect(await client.edgeMisses.count()).toBe(10_500);
  });
});
