import { testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Counting, consumedOf, openCounting, recordAll, rowsOf } from '../counting.ts';
import { decided, noon, type PlaybackDecided } from '../told-events.ts';

describe(`the ledger of decisions on ${testDatabaseKind}`, () => {
  let counting: Counting;
  beforeAll(async () => {
    counting = await openCounting();
  });
  afterAll(() => counting?.close());
  beforeEach(() => counting.client.$executeRaw`TRUNCATE analytics.decision_series`);

  const record = (events: readonly PlaybackDecided[], batch?: number) =>
    recordAll(counting.ledgers.decisions, consumedOf(events), { batch });
  const hours = async () => {
    const rows = await counting.client.decisionSeries.findMany({
      where: { grain: 60, generation: 1 },
      orderBy: [{ outcome: 'asc' }, { market: 'asc' }],
    });
    return rows.map(({ outcome, market, tier, decisions }) => [outcome, market, tier, Number(decisions)]);
  };

  it('counts by outcome and market, and grants by what their sample stands for', async () => {
    await record([
      decided(),
      decided(),
      decided({ market: 'BR' }),
      decided({ outcome: 'MARKET_UNKNOWN', market: null, marketSource: null, tier: null }),
      decided({ outcome: 'GRANTED', grantedQuality: 'HIGH', sampledOutOf: 100 }),
      decided({ outcome: 'GRANTED', grantedQuality: 'HIGH', sampledOutOf: 100 }),
    ]);
    expect(await hours()).toEqual([
      ['GRANTED', 'DE', 'FREE', 200],
      ['MARKET_UNKNOWN', '', '', 1],
      ['NOT_LICENSED', 'BR', 'FREE', 1],
      ['NOT_LICENSED', 'DE', 'FREE', 2],
    ]);
  });

  it('counts a decision once, however often it is told, and refuses another one with its id', async () => {
    const told = Array.from({ length: 20 }, () => decided());
    await record([...told, ...told]);
    expect(await record(told.toReversed(), 3)).toEqual([]);
    const other = decided({ outcome: 'WITHDRAWN' }, told[0]?.id);
    expect(await record([other, decided()])).toEqual([expect.stringContaining('said something else')]);
    expect(await hours()).toEqual([['NOT_LICENSED', 'DE', 'FREE', 21]]);
  });

  it('refuses what is older than anybody can know', async () => {
    const decidedAt = new Date(Date.now() - 30 * 86_400_000).toISOString();
    expect(await record([decided({ decidedAt })])).toEqual([expect.stringContaining('so old')]);
    expect(await hours()).toEqual([]);
  });

  it('comes to the same rows when all is told again in other batches', async () => {
    const told = Array.from({ length: 500 }, (_, index) =>
      decided({
        decidedAt: new Date(noon + index * 7_919).toISOString(),
        outcome: ['GRANTED', 'NOT_LICENSED', 'TIER_REQUIRED'][index % 3],
        market: ['DE', 'BR', null][index % 3],
        sampledOutOf: index % 3 ? 1 : 100,
      }),
    );
    await record(told, 37);
    const { id: anew } = await counting.generations.build();
    await recordAll(counting.ledgers.decisions, consumedOf(told), { into: anew, batch: 211 });
    const rows = await rowsOf(counting.client, 'decision_series', 1);
    expect(rows.length).toBeGreaterThan(100);
    expect(await rowsOf(counting.client, 'decision_series', anew)).toEqual(rows);
    await counting.generations.giveUp(anew);
  });
});
