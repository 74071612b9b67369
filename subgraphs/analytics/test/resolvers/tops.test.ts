import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Asking, catalogTrack, day, openAsking, publicId, sketchOf, uuid } from '../asking.ts';

describe('what is played most, and by how many', () => {
  let analytics: Asking;
  beforeAll(async () => {
    analytics = await openAsking();
    await analytics.generations.build();
    await analytics.catalogTracks.save([
      catalogTrack('Duet', { artists: ['Ann', 'Bob'] }),
      catalogTrack('Solo', { artists: ['Ann'] }),
      catalogTrack('Old', { artists: ['Bob'] }),
      catalogTrack('Unheard', { artists: ['Cid'] }),
    ]);
    const played = (market: string, on: string, name: string, plays: number, generation = 1) => ({
      ...{ generation, market, day: day(on), trackId: uuid('track', name), plays },
    });
    await analytics.client.trackPlays.createMany({
      data: [
        played('*', '2026-06-01', 'Duet', 5),
        played('BR', '2026-06-01', 'Duet', 2),
        played('*', '2026-06-01', 'Solo', 4),
        played('BR', '2026-06-01', 'Solo', 4),
        played('*', '2026-05-26', 'Solo', 3),
        played('*', '2026-05-25', 'Old', 90),
        played('BR', '2026-05-25', 'Old', 80),
        played('*', '2026-05-05', 'Old', 100),
        played('*', '2026-06-01', 'Old', 999, 2),
      ],
    });
    await analytics.client.trackTotal.createMany({
      data: [
        { generation: 1, trackId: uuid('track', 'Duet'), plays: 5 },
        { generation: 1, trackId: uuid('track', 'Solo'), plays: 7 },
        // More than the days tell: these go back further.
        { generation: 1, trackId: uuid('track', 'Old'), plays: 1_190 },
        { generation: 2, trackId: uuid('track', 'Duet'), plays: 12_345 },
      ],
    });
    const sketch = (scope: string, on: string, from: number, to: number, generation = 1) => ({
      ...{ generation, scope, day: day(on), sketch: sketchOf(from, to) },
    });
    await analytics.client.listenerSketch.createMany({
      data: [
        sketch('*', '2026-06-01', 0, 400),
        sketch('*', '2026-05-31', 200, 600),
        sketch('*', '2026-05-01', 2_000, 4_000),
        sketch('BR', '2026-06-01', 0, 30),
        sketch(uuid('track', 'Duet'), '2026-06-01', 0, 20),
        sketch(uuid('track', 'Duet'), '2026-05-31', 10, 40),
        sketch(uuid('track', 'Solo'), '2026-05-20', 30, 60),
        sketch(uuid('track', 'Solo'), '2026-05-04', 500, 900),
        sketch(uuid('track', 'Solo'), '2026-06-01', 7_000, 9_000, 2),
      ],
    });
  });
  afterAll(() => analytics?.close());

  const tracks = async (given: string) => {
    const { topTracks } = await analytics.analyst<{
      topTracks: {
        from: string;
        until: string;
        entries: { rank: number; plays: number; track: { id: string } }[];
      };
    }>(`{ topTracks${given} { from until entries { rank plays track { id } } } }`);
    return {
      ...topTracks,
      entries: topTracks.entries.map(({ rank, plays, track }) => [rank, plays, track.id]),
    };
  };

  it('are the tracks of the last seven days, today included', async () => {
    expect(await tracks('')).toEqual({
      from: '2026-05-26T00:00:00.000Z',
      until: '2026-06-01T12:00:30.000Z',
      entries: [
        [1, 7, publicId('track', 'Solo')],
        [2, 5, publicId('track', 'Duet')],
      ],
    });
  });

  it.each([
    [
      '(window: TODAY)',
      '2026-06-01T00:00:00.000Z',
      [
        ['Duet', 5],
        ['Solo', 4],
      ],
    ],
    [
      '(window: LAST_28_DAYS)',
      '2026-05-05T00:00:00.000Z',
      [
        ['Old', 190],
        ['Solo', 7],
        ['Duet', 5],
      ],
    ],
    [
      '(window: ALL_TIME)',
      null,
      [
        ['Old', 1_190],
        ['Solo', 7],
        ['Duet', 5],
      ],
    ],
    ['(window: ALL_TIME, first: 1)', null, [['Old', 1_190]]],
    [
      '(market: "BR")',
      '2026-05-26T00:00:00.000Z',
      [
        ['Solo', 4],
        ['Duet', 2],
      ],
    ],
    [
      '(market: "BR", window: ALL_TIME)',
      null,
      [
        ['Old', 80],
        ['Solo', 4],
        ['Duet', 2],
      ],
    ],
    ['(market: "JP")', '2026-05-26T00:00:00.000Z', []],
  ] as const)('are of the market and the window that is asked for: %s', async (given, from, expected) => {
    const answer = await tracks(given);
    expect(answer.from).toBe(from);
    expect(answer.entries).toEqual(
      expected.map(([name, plays], index) => [index + 1, plays, publicId('track', name)]),
    );
  });

  it('are artists by the credits of their tracks: a duet is a play of both', async () => {
    const artists = async (given: string) => {
      const { topArtists } = await analytics.analyst<{
        topArtists: { entries: { rank: number; plays: number; artist: { id: string } }[] };
      }>(`{ topArtists${given} { entries { rank plays artist { id } } } }`);
      return topArtists.entries.map(({ rank, plays, artist }) => [rank, plays, artist.id]);
    };
    expect(await artists('')).toEqual([
      [1, 12, publicId('artist', 'Ann')],
      [2, 5, publicId('artist', 'Bob')],
    ]);
    expect(await artists('(window: ALL_TIME, first: 1)')).toEqual([[1, 1_195, publicId('artist', 'Bob')]]);
    expect(await artists('(market: "BR", window: LAST_28_DAYS)')).toEqual([
      [1, 82, publicId('artist', 'Bob')],
      [2, 6, publicId('artist', 'Ann')],
    ]);
  });

  it('are asked for in pages of 1 to 100', async () => {
    for (const first of [0, 101, -1])
      for (const field of ['topTracks', 'topArtists'])
        expect(await analytics.refused(`{ ${field}(first: ${first}) { until } }`)).toEqual({
          message: `first must be 1..100, got ${first}`,
          code: 'BAD_USER_INPUT',
        });
  });

  it('are heard by accounts that count once, also when they come back on another day', async () => {
    const listeners = async (given: string) =>
      (
        await analytics.analyst<{ listeners: { estimate: number; standardError: number } }>(
          `{ listeners${given} { estimate standardError } }`,
        )
      ).listeners;
    const { estimate, standardError } = await listeners('');
    expect(standardError).toBeCloseTo(0.016, 3);
    expect(estimate).toBeGreaterThan(600 * 0.95);
    expect(estimate).toBeLessThan(600 * 1.05);
    expect((await listeners('(window: ALL_TIME)')).estimate).toBeGreaterThan(2_450);
    expect((await listeners('(market: "BR")')).estimate).toBe(30);
    expect((await listeners('(market: "JP")')).estimate).toBe(0);
  });

  it('tell of each track how many accounts heard it in the window', async () => {
    const { topTracks } = await analytics.analyst<{
      topTracks: { entries: { listeners: { estimate: number } }[] };
    }>('{ topTracks { entries { listeners { estimate } } } }');
    expect(topTracks.entries.map(({ listeners }) => listeners.estimate)).toEqual([0, 40]);
  });

  describe('on the pages of everybody', () => {
    const entities = async (representations: object[], fields: string, ask = analytics.ask) => {
      const { data, errors } = await ask<{ _entities: unknown[] }>(
        `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${fields} } }`,
        { representations },
      );
      expect(errors).toBeUndefined();
      return data._entities;
    };
    const track = (name: string) => ({ __typename: 'Track', id: publicId('track', name) });
    const artist = (name: string) => ({ __typename: 'Artist', id: publicId('artist', name) });

    it('are play counts, 0 for what was never played, by one statement', async () => {
      const before = analytics.database.statements.count();
      const found = await entities(
        [track('Solo'), track('Unheard'), track('Old')],
        '... on Track { playCount }',
      );
      expect(found).toEqual([{ playCount: 7 }, { playCount: 0 }, { playCount: 1_190 }]);
      expect(analytics.database.statements.count() - before).toBe(1);
    });

    it('are asked of the database by one of the many that ask at once', async () => {
      const ask = await analytics.freshAsk();
      const before = analytics.database.statements.count();
      const asked = Array.from({ length: 20 }, () =>
        entities([track('Solo')], '... on Track { playCount }', ask),
      );
      expect(new Set((await Promise.all(asked)).map((found) => JSON.stringify(found)))).toEqual(
        new Set(['[{"playCount":7}]']),
      );
      await entities([track('Solo')], '... on Track { playCount }', ask);
      expect(analytics.database.statements.count() - before).toBe(1);
    });

    it('are the numbers of artists: all plays, and who heard one of their tracks in 28 days', async () => {
      const fields = '... on Artist { stats { playCount monthlyListeners { estimate standardError } } }';
      const found = await entities([artist('Ann'), artist('Bob'), artist('Nobody')], fields);
      const standardError = expect.closeTo(0.016, 3);
      expect(found).toEqual([
        // Of 60: as near as a sketch is.
        { stats: { playCount: 12, monthlyListeners: { estimate: 58, standardError } } },
        { stats: { playCount: 1_195, monthlyListeners: { estimate: 40, standardError } } },
        { stats: { playCount: 0, monthlyListeners: { estimate: 0, standardError } } },
      ]);
    });

    it('cost one reference when an id is none', async () => {
      const found = await entities(
        [{ __typename: 'Track', id: 'nonsense' }, track('Solo')],
        '... on Track { playCount }',
      );
      expect(found).toEqual([null, { playCount: 7 }]);
    });
  });

  describe('for services', () => {
    const service = { actor: { kind: 'service', id: 'edge' } } as const;

    it('are the ids of the last seven days, in pages, and how many there are', async () => {
      const { data } = await analytics.ask(
        '{ all: mostPlayedTracks(first: 10000) rest: mostPlayedTracks(first: 5, skip: 1) playedTrackCount }',
        {},
        service,
      );
      expect(data).toEqual({
        all: [publicId('track', 'Solo'), publicId('track', 'Duet')],
        rest: [publicId('track', 'Duet')],
        playedTrackCount: 2,
      });
    });

    it('are refused beyond what one answer holds', async () => {
      const { errors } = await analytics.ask(
        '{ a: mostPlayedTracks(first: 10001) b: mostPlayedTracks(first: 0) c: mostPlayedTracks(first: 1, skip: -1) }',
        {},
        service,
      );
      expect(errors?.map(({ message }) => message)).toContain('first must be 1..10000, got 10001');
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    });

    it('are refused beyond the end of the list, however far that is skipped to', async () => {
      const { data } = await analytics.ask('{ mostPlayedTracks(first: 1, skip: 9999) }', {}, service);
      expect(data).toEqual({ mostPlayedTracks: [] });
      const { errors } = await analytics.ask('{ mostPlayedTracks(first: 2, skip: 9999) }', {}, service);
      expect(errors).toMatchObject([
        {
          message: 'skip must be 0..9998 with first 2, got 9999',
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ]);
    });
  });
});
