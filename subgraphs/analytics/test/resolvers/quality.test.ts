import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { binOf } from '../../src/domain/latency-bins.ts';
import { type Asking, openAsking } from '../asking.ts';

const at = (grain: number, bucket: string) => ({ generation: 1, grain, bucket: new Date(bucket) });

describe('how playing feels', () => {
  let analytics: Asking;
  beforeAll(async () => {
    analytics = await openAsking();
    await analytics.generations.build();
    const nothing = {
      ...{ market: 'DE', tier: 'FREE', quality: 'NORMAL', started: 0, failed: 0, abandoned: 0, msPlayed: 0 },
      ...{ stalls: 0, stalledMs: 0, stalledStarts: 0, bytes: 0, edgeHits: 0, edgeMisses: 0 },
    };
    await analytics.client.qualitySeries.createMany({
      data: [
        {
          ...{
            ...nothing,
            ...at(1, '2026-06-01T11:59:00Z'),
            started: 90,
            failed: 6,
            abandoned: 4,
            stalls: 12,
          },
          ...{
            msPlayed: 900_000,
            stalledMs: 100_000,
            stalledStarts: 9,
            bytes: 5_000,
            edgeHits: 75,
            edgeMisses: 25,
          },
        },
        { ...nothing, ...at(1, '2026-06-01T11:59:00Z'), tier: 'PREMIUM', quality: 'LOSSLESS', started: 10 },
        { ...nothing, ...at(1, '2026-06-01T12:00:00Z'), market: '', tier: '', quality: 'LOW', failed: 3 },
        { ...nothing, ...at(60, '2026-06-01T10:00:00Z'), started: 1_000 },
        { ...nothing, ...at(1440, '2026-05-30T00:00:00Z'), started: 20_000 },
        // The same starts in coarser rows, which are not to be counted twice.
        { ...nothing, ...at(60, '2026-06-01T11:00:00Z'), started: 100 },
        { ...nothing, ...at(1440, '2026-06-01T00:00:00Z'), started: 1_200 },
        { ...nothing, ...at(1, '2026-06-01T11:59:00Z'), generation: 2, started: 7_777 },
      ],
    });
    const time = { market: 'DE', tier: 'FREE', quality: 'NORMAL' };
    await analytics.client.startTimes.createMany({
      data: [
        { ...time, ...at(1, '2026-06-01T11:59:00Z'), bin: binOf(100), starts: 80 },
        { ...time, ...at(1, '2026-06-01T11:59:00Z'), bin: binOf(400), starts: 10 },
        {
          ...time,
          ...at(1, '2026-06-01T11:59:00Z'),
          tier: 'PREMIUM',
          quality: 'LOSSLESS',
          bin: binOf(1_000),
          starts: 10,
        },
        { ...time, ...at(1, '2026-06-01T11:59:00Z'), generation: 2, bin: binOf(60_000), starts: 7_777 },
      ],
    });
    const denied = (outcome: string, market: string, decisions: number) => ({
      ...at(60, '2026-06-01T11:00:00Z'),
      ...{ tier: 'FREE', outcome, market, decisions },
    });
    await analytics.client.decisionSeries.createMany({
      data: [
        denied('NOT_LICENSED', 'DE', 7),
        { ...denied('NOT_LICENSED', 'DE', 5), tier: '' },
        denied('NOT_LICENSED', 'FR', 20),
        denied('MARKET_UNKNOWN', '', 3),
        denied('MOON_PHASE', 'DE', 2),
        denied('GRANTED', 'DE', 4_000),
        { ...denied('NOT_LICENSED', 'DE', 1_000), ...at(1440, '2026-05-31T00:00:00Z') },
        { ...denied('NOT_LICENSED', 'DE', 55_555), generation: 2 },
      ],
    });
  });
  afterAll(() => analytics?.close());

  const quality = async <Group>(given: string, fields: string) => {
    const { playbackQuality } = await analytics.analyst<{
      playbackQuality: { from: string; until: string; every: string | null; groups: Group[] };
    }>(`{ playbackQuality(${given}) { from until every groups { ${fields} } } }`);
    return playbackQuality;
  };

  it('is told in starts, failures, stalls and shares of them', async () => {
    const answer = await quality(
      'from: "2026-06-01T11:59:00Z", tier: FREE',
      `at market tier quality starts startFailures abandonedStarts startFailureRatio stalls stalledStartRatio stutterRatio
       bytes edgeHitRatio clickToSound { count relativeError }`,
    );
    expect(answer).toEqual({
      from: '2026-06-01T11:59:00.000Z',
      until: '2026-06-01T12:01:00.000Z',
      every: null,
      groups: [
        {
          ...{ at: null, market: null, tier: null, quality: null },
          ...{ starts: 90, startFailures: 6, abandonedStarts: 4, startFailureRatio: 0.06, stalls: 12 },
          ...{ stalledStartRatio: 0.1, stutterRatio: 0.1, bytes: 5_000, edgeHitRatio: 0.75 },
          clickToSound: { count: 90, relativeError: 0.01 },
        },
      ],
    });
  });

  it('has percentiles of how long starts took, within their error, by tier', async () => {
    const { groups } = await quality<{ tier: string; clickToSound: Record<string, number> }>(
      'from: "2026-06-01T11:59:00Z", market: "DE", by: [TIER]',
      'tier clickToSound { count p50Ms p95Ms p99Ms }',
    );
    const about = (ms: number) => expect.closeTo(ms, ms / 100 < 4 ? 0 : -1);
    expect(groups.map(({ tier }) => tier)).toEqual(['FREE', 'PREMIUM']);
    const [free, premium] = groups.map(({ clickToSound }) => clickToSound);
    expect(free).toEqual({ count: 90, p50Ms: about(100), p95Ms: about(400), p99Ms: about(400) });
    for (const [told, exact] of [
      [free?.p50Ms, 100],
      [free?.p95Ms, 400],
      [premium?.p50Ms, 1_000],
    ] as const)
      expect(Math.abs((told ?? 0) - exact) / exact).toBeLessThanOrEqual(0.01);
  });

  it('is null where nobody measured', async () => {
    const { groups } = await quality(
      'from: "2026-06-01T12:00:00Z", by: [QUALITY, MARKET, TIER]',
      'market tier quality starts startFailureRatio stalledStartRatio stutterRatio edgeHitRatio clickToSound { count }',
    );
    expect(groups).toEqual([
      {
        ...{
          market: null,
          tier: null,
          quality: 'LOW',
          starts: 0,
          startFailureRatio: 1,
          stalledStartRatio: null,
        },
        ...{ stutterRatio: null, edgeHitRatio: null, clickToSound: null },
      },
    ]);
  });

  it('is counted from minutes, hours and days together, each start once', async () => {
    const { groups, from } = await quality('from: "2026-05-30T00:00:10Z"', 'starts');
    expect(from).toBe('2026-05-30T00:00:00.000Z');
    expect(groups).toEqual([{ starts: 20_000 + 1_000 + 100 }]);
  });

  it('comes apart by time, in its order', async () => {
    const { every, groups } = await quality(
      'from: "2026-06-01T11:00:00Z", every: MINUTE, by: [MARKET]',
      'at market starts',
    );
    expect(every).toBe('MINUTE');
    expect(groups).toEqual([
      { at: '2026-06-01T11:59:00.000Z', market: 'DE', starts: 100 },
      { at: '2026-06-01T12:00:00.000Z', market: null, starts: 0 },
    ]);
  });

  it('of a long time by minute is refused, or told in a coarser grain', async () => {
    const asked = 'from: "2026-05-01T00:00:00Z", every: MINUTE';
    const { code, cost, limit } = await analytics.refused(`{ playbackQuality(${asked}) { until } }`);
    expect({ code, cost, limit }).toEqual({ code: 'COST_EXCEEDED', cost: 45_361, limit: 2_000 });
    expect((await quality(`${asked}, coarser: true`, 'at')).every).toBe('HOUR');
  });

  it('of a time whose minutes are gone begins with the hour, or the day', async () => {
    expect((await quality('from: "2026-04-01T10:30:30Z"', 'starts')).from).toBe('2026-04-01T10:00:00.000Z');
    expect(await quality('from: "2020-04-01T10:30:30Z", until: "2020-04-02T10:30:30Z"', 'starts')).toEqual({
      ...{ from: '2020-04-01T00:00:00.000Z', until: '2020-04-03T00:00:00.000Z', every: null, groups: [] },
    });
  });

  it('in more than 10,000 groups is refused', async () => {
    await analytics.client.$executeRaw`
      INSERT INTO analytics.quality_series
      SELECT 1, 1, '2026-05-20T00:00:00Z'::timestamptz + minute * interval '1 minute', market::text, 'FREE', 'LOW',
        1, 0, 0, 0, 0, 0, 0, 0, 0, 0
      FROM generate_series(0, 99) AS minute, generate_series(1, 101) AS market`;
    const time = 'from: "2026-05-20T00:00:00Z", until: "2026-05-20T01:40:00Z"';
    expect(
      await analytics.refused(`{ playbackQuality(${time}, every: MINUTE, by: [MARKET]) { until } }`),
    ).toMatchObject({ code: 'COST_EXCEEDED', cost: 10_001, limit: 10_000 });
    expect((await quality(`${time}, by: [MARKET]`, 'starts')).groups).toHaveLength(101);
  });

  describe('when it does not begin', () => {
    const denials = async (given: string) =>
      (
        await analytics.analyst<{ denials: unknown }>(
          `{ denials(${given}) { from until denials grantsEstimate counts { reason market denials } } }`,
        )
      ).denials;

    it('is told by reason and market, the most frequent first', async () => {
      expect(await denials('from: "2026-06-01T11:30:00Z"')).toEqual({
        from: '2026-06-01T11:00:00.000Z',
        until: '2026-06-01T13:00:00.000Z',
        denials: 37,
        grantsEstimate: 4_000,
        counts: [
          { reason: 'NOT_LICENSED', market: 'FR', denials: 20 },
          { reason: 'NOT_LICENSED', market: 'DE', denials: 12 },
          { reason: 'MARKET_UNKNOWN', market: null, denials: 3 },
          { reason: null, market: 'DE', denials: 2 },
        ],
      });
    });

    it('is told of one market, over days and hours', async () => {
      expect(await denials('from: "2026-05-31T00:00:00Z", market: "DE"')).toMatchObject({
        denials: 1_014,
        counts: [
          { reason: 'NOT_LICENSED', market: 'DE', denials: 1_012 },
          { reason: null, market: 'DE', denials: 2 },
        ],
      });
    });

    it('is refused for a time that is none', async () => {
      expect(await analytics.refused('{ denials(from: "2027-01-01T00:00:00Z") { until } }')).toMatchObject({
        code: 'BAD_USER_INPUT',
      });
    });
  });
});
