import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Asking, catalogTrack, day, openAsking, publicId, uuid } from '../asking.ts';

interface Answer {
  readonly charts: {
    readonly market: string | null;
    readonly from: string;
    readonly until: string;
    readonly entries: readonly {
      readonly rank: number;
      readonly previousRank: number | null;
      readonly plays: number;
      readonly track: { readonly id: string };
    }[];
  };
}

describe('charts', () => {
  let analytics: Asking;
  beforeAll(async () => {
    analytics = await openAsking();
    await analytics.generations.build();
    await analytics.catalogTracks.save([
      catalogTrack('Everywhere'),
      catalogTrack('Not in Germany', { markets: ['BR'] }),
      catalogTrack('Explicit', { explicit: true }),
      catalogTrack('Withdrawn', { withdrawn: true }),
      catalogTrack('New'),
    ]);
    const played = (market: string, on: string, name: string, plays: number, generation = 1) => ({
      ...{ generation, market, day: day(on), trackId: uuid('track', name), plays },
    });
    await analytics.client.trackPlays.createMany({
      data: [
        played('*', '2026-06-01', 'Everywhere', 20),
        played('*', '2026-05-26', 'Everywhere', 30),
        played('*', '2026-05-30', 'Explicit', 60),
        played('*', '2026-05-30', 'Withdrawn', 55),
        played('*', '2026-05-30', 'Unknown to the catalog', 54),
        played('*', '2026-05-30', 'Not in Germany', 40),
        played('*', '2026-06-01', 'New', 5),
        // The week before, and what is too long ago.
        played('*', '2026-05-25', 'Not in Germany', 2),
        played('*', '2026-05-19', 'Everywhere', 1),
        played('*', '2026-05-18', 'Everywhere', 1_000),
        played('BR', '2026-05-31', 'Not in Germany', 7),
        played('BR', '2026-05-31', 'Everywhere', 6),
        played('*', '2026-05-31', 'New', 9_999, 2),
      ],
    });
  });
  afterAll(() => analytics?.close());

  const chart = async (given = '', as: Parameters<Asking['ask']>[2] = {}) => {
    const { data, errors } = await analytics.ask<Answer>(
      `{ charts${given} { market from until entries { rank previousRank plays track { id } } } }`,
      {},
      as,
    );
    expect(errors).toBeUndefined();
    return data.charts;
  };
  const names = ['Everywhere', 'Not in Germany', 'Explicit', 'Withdrawn', 'New', 'Unknown to the catalog'];
  const ranks = ({ entries }: Answer['charts']) =>
    entries.map(({ rank, track }) => [rank, names.find((name) => publicId('track', name) === track.id)]);

  it('are what was played most in seven days, with the ranks of the seven days before', async () => {
    expect(await chart()).toEqual({
      market: null,
      from: '2026-05-26T00:00:00.000Z',
      until: '2026-06-01T12:00:30.000Z',
      entries: [
        { rank: 1, previousRank: null, plays: 60, track: { id: publicId('track', 'Explicit') } },
        // What was taken down, and what the catalog does not know, leave gaps.
        { rank: 4, previousRank: 2, plays: 50, track: { id: publicId('track', 'Everywhere') } },
        { rank: 5, previousRank: 1, plays: 40, track: { id: publicId('track', 'Not in Germany') } },
        { rank: 6, previousRank: null, plays: 5, track: { id: publicId('track', 'New') } },
      ],
    });
  });

  it("are of the viewer's market unless another is asked for", async () => {
    const mine = await chart('', { market: 'BR' });
    expect(mine.market).toBe('BR');
    expect(ranks(mine)).toEqual([
      [1, 'Not in Germany'],
      [2, 'Everywhere'],
    ]);
    expect(await chart('(market: "BR")')).toEqual(mine);
    expect((await chart('(market: "JP")')).entries).toEqual([]);
  });

  it("leave out what the viewer's market may not play, and what is behind moves up without a new rank", async () => {
    const german = { market: 'DE' };
    expect(ranks(await chart('(market: "BR")', german))).toEqual([[2, 'Everywhere']]);
    expect(ranks(await chart('(market: "BR", first: 1)', german))).toEqual([[2, 'Everywhere']]);
    expect(ranks(await chart('(market: "BR", includeUnavailable: true)', german))).toEqual([
      [1, 'Not in Germany'],
      [2, 'Everywhere'],
    ]);
  });

  it('leave out explicit tracks where the viewer wants none, also with what is unavailable', async () => {
    const child = { explicit: false };
    expect(ranks(await chart('', child)).map(([, name]) => name)).toEqual([
      'Everywhere',
      'Not in Germany',
      'New',
    ]);
    expect(ranks(await chart('(includeUnavailable: true)', child)).flat()).not.toContain('Explicit');
  });

  it('hold 1 to 100 tracks of a market that there is', async () => {
    for (const [given, message] of [
      ['first: 0', /first must be 1\.\.100, got 0/],
      ['first: 101', /first must be 1\.\.100, got 101/],
      ['market: "XX"', /ISO 3166-1 alpha-2 code such as DE, got "XX"/],
    ] as const) {
      const { errors } = await analytics.ask(`{ charts(${given}) { until } }`);
      expect(errors?.[0]?.message).toMatch(message);
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });

  it('are counted once for all who ask within a minute, whoever they are', async () => {
    const ask = await analytics.freshAsk();
    const before = analytics.database.statements.count();
    const question = '{ charts(market: "BR") { entries { plays } } }';
    await Promise.all(['DE', 'BR', 'US', null].map((market) => ask(question, {}, { market })));
    await ask(question, {}, { market: 'DE', explicit: false });
    expect(analytics.database.statements.count() - before).toBe(1);
  });
});
