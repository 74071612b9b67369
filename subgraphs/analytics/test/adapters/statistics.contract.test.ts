import { randomUUID } from 'node:crypto';
import { decodeId, encodeId } from '@medley/ids';
import { testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { percentilesOf } from '../../src/domain/latency-bins.ts';
import { noPlays } from '../../src/domain/play-counts.ts';
import type { QualityDimension } from '../../src/domain/quality-counts.ts';
import type { PlayFilter } from '../../src/domain/statistics.ts';
import type { TimeGrain } from '../../src/domain/time-grain.ts';
import { readTimeRange, readTimeSpan, type TimeRange, type TimeSpan } from '../../src/domain/time-range.ts';
import { sumCounts } from '../../src/domain/time-series.ts';
import { daysOf } from '../../src/domain/time-window.ts';
import { type Counting, consumedOf, openCounting, recordAll } from '../counting.ts';
import { decided, measured, noon, traffic } from '../told-events.ts';
import { createRandom, listening } from '../told-plays.ts';

const now = new Date(noon + 86_400_000);
const since = new Date(noon - 5 * 86_400_000);
const all: PlayFilter = { market: null, tier: null };

const range = (every: TimeGrain): TimeRange => {
  const found = readTimeRange({ from: since, until: null, every, coarser: false }, now);
  if ('code' in found) throw new Error(found.message);
  return found;
};
const span: TimeSpan = (() => {
  const found = readTimeSpan({ from: since, until: null }, 'MINUTE', now);
  if ('code' in found) throw new Error(found.message);
  return found;
})();

describe(`what was counted, as it is asked for, on ${testDatabaseKind}`, () => {
  let counting: Counting;
  const random = createRandom(11);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const starts = Array.from({ length: 600 }, () =>
    measured({
      ...{ market: pick(['DE', 'BR']), tier: pick(['FREE', 'PREMIUM']), quality: pick(['LOW', 'HIGH']) },
      startedAt: new Date(noon - Math.floor(random() * 3 * 86_400_000)).toISOString(),
      clickToSoundMs: Math.floor(20 * 100 ** random()),
    }),
  );

  beforeAll(async () => {
    counting = await openCounting();
    await recordAll(counting.ledgers.plays, consumedOf(listening(1_500, 7)));
    await recordAll(counting.ledgers.quality, consumedOf(starts));
  });
  afterAll(() => counting?.close());

  it('is the same number of plays in every grain, every market added up, and by track', async () => {
    const { statistics } = counting;
    const total = async (every: TimeGrain, filter = all) =>
      sumCounts(
        (await statistics.countPlays(range(every), filter)).map(({ counts }) => counts),
        noPlays,
      );
    const hours = await total('HOUR');
    expect(hours.plays).toBeGreaterThan(1_000);
    expect(hours.doubtful).toBeGreaterThan(10);
    expect(await total('DAY')).toEqual(hours);
    expect(await total('WEEK')).toEqual(hours);
    const markets = await Promise.all(
      ['DE', 'BR', 'US', 'JP', ''].map((market) => total('DAY', { ...all, market })),
    );
    expect(sumCounts(markets, noPlays)).toEqual(hours);

    const page = { skip: 0, limit: 10_000 };
    const sum = (rows: readonly { plays: number }[]) => rows.reduce((plays, row) => plays + row.plays, 0);
    const days = daysOf('LAST_7_DAYS', now);
    const tracks = await statistics.findTopTracks(null, days, page);
    expect(sum(tracks)).toBe(hours.plays);
    expect(await statistics.countPlayedTracks(days)).toBe(tracks.length);
    expect(await statistics.findTopTracks(null, daysOf('ALL_TIME', now), page)).toEqual(tracks);
    const totals = await statistics.countPlaysOfTracks(tracks.map(({ id }) => id));
    expect(totals.toSorted((one, other) => other.plays - one.plays || (one.id < other.id ? -1 : 1))).toEqual(
      tracks,
    );
    const german = await statistics.findTopTracks('DE', days, page);
    expect(sum(german)).toBe(markets[0]?.plays);
    expect(await statistics.findTopTracks('DE', days, { skip: 3, limit: 4 })).toEqual(german.slice(3, 7));
  });

  it('is as many listeners as there are, within four standard errors', async () => {
    const counted = await counting.client.accountDay.findMany({
      distinct: ['userId'],
      select: { userId: true },
    });
    const { estimate, standardError } = await counting.statistics.countListeners(
      null,
      daysOf('LAST_7_DAYS', now),
    );
    expect(Math.abs(estimate - counted.length) / counted.length).toBeLessThan(4 * standardError);
  });

  it('is charts by rank, of tracks that the catalog has', async () => {
    const { statistics } = counting;
    const days = { first: new Date(since.setUTCHours(0, 0, 0, 0)), last: daysOf('TODAY', now).last };
    const before = { first: new Date('2020-01-01'), last: new Date('2020-01-07') };
    const top = await statistics.findTopTracks(null, days, { skip: 0, limit: 50 });
    const known = top.filter((_, index) => index % 2 === 0);
    await counting.catalogTracks.save(
      known.map(({ id }) => ({
        id: encodeId('track', id),
        ...{ version: 1, artistIds: [encodeId('artist', randomUUID())], explicit: false, withdrawn: false },
        markets: ['DE', 'BR'],
      })),
    );
    const ranking = await statistics.rankTracks(null, days, before, 50);
    expect(ranking.map(({ trackId, rank, plays }) => [trackId, rank, plays])).toEqual(
      known.map(({ id, plays }, index) => [id, 2 * index + 1, plays]),
    );
    expect(ranking.every(({ previousRank, markets }) => previousRank === null && markets.has('BR'))).toBe(
      true,
    );
    const same = await statistics.rankTracks(null, days, days, 50);
    expect(same.every(({ rank, previousRank }) => rank === previousRank)).toBe(true);
  });

  it('is percentiles within their error of the exact ones, in every group', async () => {
    const by: QualityDimension[] = ['MARKET', 'TIER', 'QUALITY'];
    const groups = await counting.statistics.countQuality(span, { ...all, quality: null }, by, 100);
    expect(groups).toHaveLength(8);
    for (const { market, tier, quality, started, startTimes } of groups) {
      const exact = starts
        .map(({ data }) => data)
        .filter((data) => data.market === market && data.tier === tier && data.quality === quality)
        .map(({ clickToSoundMs }) => clickToSoundMs ?? 0)
        .sort((one, other) => one - other);
      expect(started).toBe(exact.length);
      for (const share of [0.5, 0.95, 0.99]) {
        const [told = 0] = percentilesOf(startTimes, [share]) ?? [];
        const nearest = exact[Math.ceil(share * exact.length) - 1] ?? 0;
        expect(Math.abs(told - nearest) / nearest).toBeLessThanOrEqual(0.0101);
      }
    }
    const [together] = await counting.statistics.countQuality(span, { ...all, quality: null }, [], 100);
    expect(together?.started).toBe(600);
    expect(together?.startTimes.reduce((sum, { count }) => sum + count, 0)).toBe(600);
    const byDay = await counting.statistics.countQuality(range('DAY'), { ...all, quality: null }, [], 100);
    expect(byDay.reduce((sum, { started }) => sum + started, 0)).toBe(600);
    expect(byDay.map(({ at }) => at?.getTime())).toEqual(byDay.map(({ at }) => at?.getTime()).toSorted());
  });

  it('is denials and grants, and traffic by node and minute', async () => {
    await recordAll(
      counting.ledgers.decisions,
      consumedOf([decided(), decided(), decided({ outcome: 'GRANTED', sampledOutOf: 100 })]),
    );
    expect(await counting.statistics.countDecisions(span, 'DE')).toEqual([
      { outcome: 'GRANTED', market: 'DE', decisions: 100 },
      { outcome: 'NOT_LICENSED', market: 'DE', decisions: 2 },
    ]);
    await recordAll(counting.ledgers.edge, consumedOf([traffic(), traffic({ node: 'edge-2' })]));
    const [hour, ...others] = await counting.statistics.countTraffic(range('HOUR'), null);
    expect(others).toEqual([]);
    expect(hour).toEqual({
      at: new Date(noon),
      counts: {
        ...{ requests: 26, refused: 4, failed: 2, bytesSent: 10_000_120, originBytes: 1_048_576 },
        ...{ originFetches: 4, malformedLines: 6 },
      },
    });
    const from = new Date(noon - 3_600_000);
    const nodes = await counting.statistics.findEdgeNodes({ from, now: from });
    expect(nodes.map(({ name, now }) => [name, now.requests])).toEqual([
      ['edge-1', 13],
      ['edge-2', 13],
    ]);
    const [miss] = await counting.statistics.findHottestMisses(from, 20);
    expect(miss).toMatchObject({ audio: { quality: 'HIGH' }, originBytes: 1_048_576 });
    expect(decodeId(miss?.audio?.trackId ?? '', 'track')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
