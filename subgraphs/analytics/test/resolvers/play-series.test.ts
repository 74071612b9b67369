import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noPlays } from '../../src/domain/play-counts.ts';
import { type Asking, openAsking } from '../asking.ts';

interface Answer {
  readonly playSeries: {
    readonly requestedEvery: string;
    readonly every: string;
    readonly from: string;
    readonly until: string;
    readonly total: { readonly plays: number };
    readonly points: readonly { readonly at: string; readonly counts: { readonly plays: number } }[];
  };
}

const question = `query (
  $from: DateTime!, $until: DateTime, $every: TimeGrain!, $market: CountryCode, $tier: Tier, $coarser: Boolean! = false
) {
  playSeries(from: $from, until: $until, every: $every, market: $market, tier: $tier, coarser: $coarser) {
    requestedEvery every from until
    total { plays msPlayed skipped notCounted { reason plays } }
    points { at counts { plays } }
  }
}`;

describe('plays over time', () => {
  let analytics: Asking;
  beforeAll(async () => {
    analytics = await openAsking();
    const row = { ...noPlays, generation: 1, market: 'DE', tier: 'FREE' };
    const at = (grain: number, bucket: string) => ({ grain, bucket: new Date(bucket) });
    await analytics.generations.build();
    await analytics.client.playSeries.createMany({
      data: [
        { ...row, ...at(1, '2026-06-01T10:00:00Z'), plays: 3, msPlayed: 90_000, skipped: 1, tooShort: 2 },
        { ...row, ...at(1, '2026-06-01T10:00:00Z'), tier: 'PREMIUM', plays: 4, doubtful: 1 },
        { ...row, ...at(1, '2026-06-01T10:00:00Z'), market: 'FR', plays: 10, unverified: 7 },
        { ...row, ...at(1, '2026-06-01T10:02:00Z'), plays: 5, grantExpired: 9 },
        { ...row, ...at(1, '2026-06-01T12:00:00Z'), plays: 6 },
        { ...row, ...at(60, '2026-06-01T10:00:00Z'), plays: 8 },
        { ...row, ...at(1440, '2026-05-25T00:00:00Z'), plays: 100 },
        { ...row, ...at(1440, '2026-05-31T00:00:00Z'), plays: 1_000 },
        { ...row, ...at(1440, '2026-06-01T00:00:00Z'), plays: 10_000 },
        // Being counted anew: not shown yet.
        { ...row, ...at(1, '2026-06-01T10:00:00Z'), generation: 2, plays: 77 },
      ],
    });
  });
  afterAll(() => analytics?.close());

  const series = async (variables: Record<string, unknown>) =>
    (await analytics.analyst<Answer>(question, variables)).playSeries;
  const plays = ({ points }: Answer['playSeries']) => points.map(({ counts }) => counts.plays);

  it('come as one point for each minute, with zeros where nothing was played', async () => {
    const answer = await series({
      from: '2026-06-01T10:00:59Z',
      until: '2026-06-01T10:02:01Z',
      every: 'MINUTE',
      market: 'DE',
    });
    expect(answer).toEqual({
      requestedEvery: 'MINUTE',
      every: 'MINUTE',
      from: '2026-06-01T10:00:00.000Z',
      until: '2026-06-01T10:03:00.000Z',
      total: {
        plays: 12,
        msPlayed: 90_000,
        skipped: 1,
        notCounted: [
          { reason: 'TOO_SHORT', plays: 2 },
          { reason: 'UNVERIFIED', plays: 0 },
          { reason: 'GRANT_EXPIRED', plays: 9 },
          { reason: 'DOUBTFUL', plays: 1 },
        ],
      },
      points: [
        { at: '2026-06-01T10:00:00.000Z', counts: { plays: 7 } },
        { at: '2026-06-01T10:01:00.000Z', counts: { plays: 0 } },
        { at: '2026-06-01T10:02:00.000Z', counts: { plays: 5 } },
      ],
    });
  });

  it('are of all markets and tiers unless one is asked for', async () => {
    const time = { from: '2026-06-01T10:00:00Z', until: '2026-06-01T10:01:00Z', every: 'MINUTE' };
    expect(plays(await series(time))).toEqual([17]);
    expect(plays(await series({ ...time, tier: 'FREE' }))).toEqual([13]);
    expect(plays(await series({ ...time, tier: 'PREMIUM', market: 'DE' }))).toEqual([4]);
    expect(plays(await series({ ...time, market: 'JP' }))).toEqual([0]);
  });

  it('end with the stretch that is now, whatever is asked for after it', async () => {
    const now = await series({ from: '2026-06-01T11:59:00Z', every: 'MINUTE' });
    expect(now.until).toBe('2026-06-01T12:01:00.000Z');
    expect(plays(now)).toEqual([0, 6]);
    const later = await series({
      from: '2026-06-01T11:59:00Z',
      until: '2027-01-01T00:00:00Z',
      every: 'MINUTE',
    });
    expect(later).toEqual(now);
  });

  it('by hour, by day and by week from Monday on', async () => {
    expect(
      plays(await series({ from: '2026-06-01T09:00:00Z', until: '2026-06-01T11:00:00Z', every: 'HOUR' })),
    ).toEqual([0, 8]);
    expect(plays(await series({ from: '2026-05-31T01:00:00Z', every: 'DAY' }))).toEqual([1_000, 10_000]);
    const weeks = await series({ from: '2026-05-20T01:00:00Z', every: 'WEEK' });
    expect(weeks.points).toEqual([
      { at: '2026-05-18T00:00:00.000Z', counts: { plays: 0 } },
      { at: '2026-05-25T00:00:00.000Z', counts: { plays: 1_100 } },
      { at: '2026-06-01T00:00:00.000Z', counts: { plays: 10_000 } },
    ]);
  });

  it('have days of 24 hours also when somebody changes the clock', async () => {
    // Germany went from UTC+1 to UTC+2 on 29 March.
    const { points } = await series({
      from: '2026-03-28T00:00:00+01:00',
      until: '2026-03-31T00:00:00+02:00',
      every: 'DAY',
    });
    expect(points.map(({ at }) => at)).toEqual([
      '2026-03-27T00:00:00.000Z',
      '2026-03-28T00:00:00.000Z',
      '2026-03-29T00:00:00.000Z',
      '2026-03-30T00:00:00.000Z',
    ]);
  });

  it('of ten years by minute are refused with what they would cost', async () => {
    expect(await analytics.refused(question, { from: '2016-06-01T12:00:00Z', every: 'MINUTE' })).toEqual({
      message:
        'These are 5,258,881 points by MINUTE, and at most 2,000 are told: ask for less time, for WEEK, or set coarser.',
      code: 'COST_EXCEEDED',
      cost: 5_258_881,
      limit: 2_000,
    });
  });

  it('of ten years by minute are told by week where that will do, and say so', async () => {
    const answer = await series({ from: '2016-06-01T12:00:00Z', every: 'MINUTE', coarser: true });
    expect(answer).toMatchObject({ requestedEvery: 'MINUTE', every: 'WEEK', total: { plays: 11_100 } });
    expect(answer.points).toHaveLength(523);
  });

  it('are told in the finest grain that will do', async () => {
    const answer = await series({ from: '2026-05-20T00:00:00Z', every: 'MINUTE', coarser: true });
    expect(answer.every).toBe('HOUR');
    expect(await series({ from: '2026-06-01T11:00:00Z', every: 'MINUTE', coarser: true })).toMatchObject({
      every: 'MINUTE',
    });
  });

  it('are not told as zeros where they are no longer kept', async () => {
    const asked = { from: '2026-04-20T00:00:00Z', until: '2026-04-20T01:00:00Z', every: 'MINUTE' };
    expect(await analytics.refused(question, asked)).toEqual({
      message:
        'from: numbers by MINUTE are kept for 35 days, got 2026-04-20T00:00:00.000Z: ask for less time, for HOUR, or set coarser.',
      code: 'BAD_USER_INPUT',
    });
    expect(await series({ ...asked, coarser: true })).toMatchObject({ every: 'HOUR' });
  });

  it.each([
    [
      { from: '2026-06-01T12:00:31Z' },
      /^from must be before now, 2026-06-01T12:00:30.000Z, got 2026-06-01T12:00:31/,
    ],
    [
      { from: '2026-06-01T11:00:00Z', until: '2026-06-01T11:00:00Z' },
      /^until must be after from, 2026-06-01T11:00:00.000Z, got 2026-06-01T11:00:00.000Z/,
    ],
    [{ from: '2026-06-01T11:00:00Z', market: 'ZZ' }, /ISO 3166-1 alpha-2 code such as DE, got "ZZ"/],
    [{ from: '2026-06-01T11:00:00Z', market: 'de' }, /ISO 3166-1/],
    [{ from: 'yesterday' }, /ISO 8601/],
    [{ from: '2026-06-01T11:00:00Z', every: 'FORTNIGHT' }, /"FORTNIGHT" does not exist in "TimeGrain"/],
  ])('refuse %o with what is wrong', async (given, message) => {
    const { code, message: told } = await analytics.refused(question, { every: 'MINUTE', ...given });
    expect(told).toMatch(message);
    expect(code).toBe('BAD_USER_INPUT');
  });

  it('are one statement', async () => {
    const before = analytics.database.statements.count();
    await series({ from: '2026-06-01T10:00:00Z', every: 'MINUTE' });
    expect(analytics.database.statements.count() - before).toBe(1);
  });
});
