import { createIdentitySigner } from '@medley/identity';
import { testKeys } from '@medley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenCatalog, openCatalog, publicId } from '../open-catalog.ts';

describe('the catalog', () => {
  let catalog: OpenCatalog;
  beforeAll(async () => {
    catalog = await openCatalog();
    const { rows } = catalog;
    await rows.genres('deep house', 'ambient');
    await rows.artists(
      { name: 'Ann', popularity: 70, genres: ['deep house', 'ambient'] },
      { name: 'Zoé', popularity: 60 },
    );
    await rows.albums(
      { name: 'Sky', artists: ['Zoé', 'Ann'], released: '1977-05-01', precision: 'MONTH', type: 'EP' },
      { name: 'Bare', type: null },
    );
    await rows.tracks(
      {
        name: 'Blue',
        album: 'Sky',
        artists: ['Ann', 'Zoé'],
        values: { isrc: 'DEA000000001', discNumber: 1, trackNumber: 2, popularity: 9, explicit: true },
      },
      { name: 'Gone', album: 'Sky', values: { withdrawnAt: new Date() } },
    );
  });
  afterAll(() => catalog?.close());

  it('shows a track with its album and its artists in the order of the credits', async () => {
    const { data, errors } = await catalog.ask(
      `query ($id: ID!) { track(id: $id) {
        id title durationMs explicit isrc discNumber trackNumber popularity availableMarkets
        artists { name }
        album {
          title type releaseDate { value precision year } label copyright upc trackCount durationMs
          artists { name genres { slug name } }
          cover(size: LARGE) { url width height }
        }
      } }`,
      { id: publicId('track', 'Blue') },
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      track: {
        id: publicId('track', 'Blue'),
        title: 'Blue',
        durationMs: 200_000,
        explicit: true,
        isrc: 'DEA000000001',
        discNumber: 1,
        trackNumber: 2,
        popularity: 9,
        availableMarkets: ['DE', 'US'],
        artists: [{ name: 'Ann' }, { name: 'Zoé' }],
        album: {
          title: 'Sky',
          type: 'EP',
          releaseDate: { value: '1977-05', precision: 'MONTH', year: 1977 },
          label: null,
          copyright: null,
          upc: null,
          trackCount: 2,
          durationMs: 400_000,
          artists: [
            { name: 'Zoé', genres: [] },
            {
              name: 'Ann',
              genres: [
                { slug: 'deep-house', name: 'deep house' },
                { slug: 'ambient', name: 'ambient' },
              ],
            },
          ],
          cover: {
            url: `https://edge.example/images/v1/${publicId('album', 'Sky')}/large.jpg`,
            width: 640,
            height: 640,
          },
        },
      },
    });
  });

  it('shows an album of which little is known', async () => {
    const { data } = await catalog.ask(
      '{ album(id: "ID") { title type releaseDate { value } artists { name } trackCount durationMs cover { width } } }'.replace(
        'ID',
        publicId('album', 'Bare'),
      ),
    );
    expect(data).toEqual({
      album: {
        title: 'Bare',
        type: null,
        releaseDate: null,
        artists: [],
        trackCount: 0,
        durationMs: 0,
        cover: { width: 300 },
      },
    });
  });

  it('answers a withdrawn track: whether it plays is not its to say', async () => {
    const { data } = await catalog.ask(`{ track(id: "${publicId('track', 'Gone')}") { title } }`);
    expect(data).toEqual({ track: { title: 'Gone' } });
  });

  it('gives null for unknown ids and slugs, without an error', async () => {
    const unknown = (kind: 'artist' | 'album' | 'track') => publicId(kind, 'nobody knows');
    const { data, errors } = await catalog.ask(
      `{ track(id: "${unknown('track')}") { id } album(id: "${unknown('album')}") { id }
         artist(id: "${unknown('artist')}") { id } genre(slug: "polka") { id } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ track: null, album: null, artist: null, genre: null });
  });

  it.each([
    ['NUL', '\0'],
    ['half a surrogate pair', '\ud800'],
    ['a capital', 'House'],
    ['nothing', ''],
    ['more than 100 characters', 'a'.repeat(101)],
  ])('gives null for a slug of %s, without an error', async (_, slug) => {
    const { data, errors } = await catalog.ask('query ($slug: String!) { genre(slug: $slug) { id } }', {
      slug,
    });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ genre: null });
  });

  it('gives tracks in the order of their ids, null where there is none, also for repeated ids', async () => {
    const ids = ['Blue', 'nobody knows', 'Gone', 'Blue'].map((name) => publicId('track', name));
    const { data } = await catalog.ask('query ($ids: [ID!]!) { tracks(ids: $ids) { title } }', { ids });
    expect(data).toEqual({ tracks: [{ title: 'Blue' }, null, { title: 'Gone' }, { title: 'Blue' }] });
  });

  it.each([
    ['{ track(id: "track_nonsense") { id } }', /^id: .*track_nonsense/],
    [`{ track(id: "${publicId('album', 'Sky')}") { id } }`, /^id: /],
    ['{ artist(id: "") { id } }', /^id: /],
    ['{ tracks(ids: ["17"]) { id } }', /^ids: .*17/],
    [`{ tracks(ids: ${JSON.stringify(Array(101).fill('x'))}) { id } }`, /^ids: at most 100 ids, got 101$/],
    [`{ album(id: "${publicId('album', 'Sky')}") { cover(size: HUGE) { url } } }`, /HUGE/],
  ])('refuses %s', async (query, message) => {
    const { errors } = await catalog.ask(query);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toMatch(message);
  });

  it('resolves references of every kind in their order; stale and malformed ones are null', async () => {
    const representations = [
      { __typename: 'Track', id: publicId('track', 'Blue') },
      { __typename: 'Track', id: publicId('track', 'nobody knows') },
      { __typename: 'Track', id: 'nonsense' },
      { __typename: 'Album', id: publicId('album', 'Sky') },
      { __typename: 'Artist', id: publicId('artist', 'Ann') },
      { __typename: 'Genre', id: publicId('genre', 'ambient') },
      { __typename: 'Genre', id: publicId('artist', 'Ann') },
    ];
    const { data, errors } = await catalog.ask(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on Track { title } ... on Album { title } ... on Artist { name } ... on Genre { name }
      } }`,
      { representations },
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      _entities: [
        { title: 'Blue' },
        null,
        null,
        { title: 'Sky' },
        { name: 'Ann' },
        { name: 'ambient' },
        null,
      ],
    });
  });

  describe('says how long answers may be kept', () => {
    const signer = createIdentitySigner({ audience: 'catalog', keys: testKeys, reads: [] });
    const cacheControlOf = async (query: string, variables = {}) => {
      const body = JSON.stringify({ query, variables });
      const nobody = { actor: { kind: 'anonymous' }, market: null, marketSource: null } as const;
      const identity = signer.sign(
        { ...nobody, explicit: true, clientAddress: null },
        { body, requestId: 'r', deadline: Date.now() + 1_000 },
      );
      const response = await catalog.subgraph.execute({ body, identity });
      expect(JSON.parse(response.body).errors).toBeUndefined();
      return response.cacheControl;
    };
    const album = publicId('album', 'Sky');

    it.each([
      [`{ album(id: "${album}") { cover { url } releaseDate { value } } }`, 'max-age=300, public'],
      [
        `{ album(id: "${album}") { tracks(first: 5) { nodes { title } pageInfo { endCursor } edges { cursor } } } }`,
        'max-age=300, public',
      ],
      ['{ newReleases(first: 1) { nodes { title } } }', 'max-age=60, public'],
      ['{ genres(first: 1) { nodes { name } } }', 'max-age=3600, public'],
      ['{ genres(first: 1) { nodes { artists(first: 1) { nodes { name } } } } }', 'max-age=300, public'],
      ['{ markets(first: 9) { nodes { name } } }', 'max-age=3600, public'],
    ])('%s', async (query, expected) => {
      expect(await cacheControlOf(query)).toBe(expected);
    });

    it('also of entities', async () => {
      const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Track { title } } }';
      const r = [{ __typename: 'Track', id: publicId('track', 'Blue') }];
      expect(await cacheControlOf(query, { r })).toBe('max-age=300, public');
    });
  });
});
