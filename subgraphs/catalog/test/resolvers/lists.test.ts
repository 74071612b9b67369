import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenCatalog, openCatalog, publicId } from '../open-catalog.ts';

interface Page {
  nodes: { title: string }[];
  edges: { cursor: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}
const page =
  'nodes { title } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

describe('a list of the catalog', () => {
  let catalog: OpenCatalog;
  const ann = publicId('artist', 'Ann');

  beforeAll(async () => {
    catalog = await openCatalog();
    const { rows } = catalog;
    await rows.genres('house');
    await rows.artists({ name: 'Ann', popularity: 9, genres: ['house'] }, { name: 'Bob', popularity: 5 });
    const artists = ['Ann'];
    await rows.albums(
      { name: 'First', released: '2001-01-01', artists },
      { name: 'Second', released: '2002-01-01', type: 'EP', artists },
      { name: 'Third', released: '2003-01-01', artists },
      { name: 'Undated', artists },
      { name: 'Next year', released: '2027-01-01', artists },
    );
    await rows.tracks(
      { name: 'Everywhere', album: 'Third', artists, markets: ['BR', 'DE', 'US'], values: { popularity: 4 } },
      { name: 'Rude', album: 'Third', artists, markets: ['DE'], values: { popularity: 3, explicit: true } },
      { name: 'Brazilian', album: 'Second', artists, markets: ['BR'], values: { popularity: 2 } },
      { name: 'Gone', album: 'First', artists, values: { popularity: 1, withdrawnAt: new Date() } },
    );
  });
  afterAll(() => catalog?.close());

  const albums = async (paging: string, id = ann) => {
    const { data, errors } = await catalog.ask<{ artist: { albums: Page } }>(
      `query ($id: ID!) { artist(id: $id) { albums(${paging}) { ${page} } } }`,
      { id },
    );
    return { albums: data?.artist?.albums, error: errors?.[0] };
  };
  const titles = (list: { nodes: { title: string }[] } | undefined) => list?.nodes.map(({ title }) => title);

  it('is walked forward and backward', async () => {
    const { albums: one } = await albums('first: 2');
    expect(titles(one)).toEqual(['Next year', 'Third']);
    expect(one?.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const { albums: two } = await albums(`first: 2, after: "${one?.pageInfo.endCursor}"`);
    expect(titles(two)).toEqual(['Second', 'First']);
    const { albums: three } = await albums(`first: 2, after: "${two?.edges[1]?.cursor}"`);
    expect(titles(three)).toEqual(['Undated']);
    expect(three?.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const { albums: back } = await albums(`last: 3, before: "${three?.pageInfo.startCursor}"`);
    expect(titles(back)).toEqual(['Third', 'Second', 'First']);
    expect(back?.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    expect(titles((await albums('last: 1')).albums)).toEqual(['Undated']);
  });

  it('is empty for an artist without albums', async () => {
    const { albums: none } = await albums('first: 1', publicId('artist', 'Bob'));
    expect(none).toEqual({
      nodes: [],
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  it('can be chosen by type, whatever the order of the types', async () => {
    const { albums: some } = await albums('first: 1, types: [EP, ALBUM]');
    const { albums: rest } = await albums(
      `first: 9, types: [ALBUM, EP, EP], after: "${some?.pageInfo.endCursor}"`,
    );
    expect(titles(rest)).toEqual(['Third', 'Second', 'First', 'Undated']);
    expect(titles((await albums('first: 9, types: [EP]')).albums)).toEqual(['Second']);
    expect(titles((await albums('first: 9, types: []')).albums)).toEqual([]);
  });

  it.each([
    ['', 'first or last is required: 1..100, got neither'],
    ['first: 0', 'first must be 1..100, got 0'],
    ['first: 101', 'first must be 1..100, got 101'],
    ['last: -1', 'last must be 1..100, got -1'],
    ['first: 1, last: 1', 'either first or last must be given, got first 1 and last 1'],
    ['first: 1, after: "forged"', /^after must be a cursor that Artist.albums gave/],
  ])('refuses (%s)', async (paging, message) => {
    const { error } = await albums(paging || 'types: [EP]');
    expect(error?.extensions.code).toBe('BAD_USER_INPUT');
    expect(error?.message).toMatch(message);
  });

  it('refuses a type that there is none of', async () => {
    const { error } = await albums('first: 1, types: [MIXTAPE]');
    expect(error?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('refuses a cursor of another field, of another artist, of other arguments, and an altered one', async () => {
    const { albums: own } = await albums('first: 1');
    const cursor = String(own?.pageInfo.endCursor);
    const altered = `${cursor.slice(0, 30)}${cursor[30] === 'A' ? 'B' : 'A'}${cursor.slice(31)}`;
    const answers = [
      (await albums(`first: 1, after: "${cursor}"`, publicId('artist', 'Bob'))).error,
      (await albums(`first: 1, types: [EP], after: "${cursor}"`)).error,
      (await albums(`first: 1, after: "${altered}"`)).error,
      (await catalog.ask(`{ artists(first: 1, after: "${cursor}") { nodes { id } } }`)).errors?.[0],
      (await catalog.ask(`{ newReleases(last: 1, before: "${cursor}") { nodes { id } } }`)).errors?.[0],
    ];
    for (const error of answers) {
      expect(error?.extensions.code).toBe('BAD_USER_INPUT');
      expect(error?.message).toMatch(/^(after|before) must be a cursor that /);
    }
  });

  it('takes one cursor for one parent: the same field of other parents fails alone', async () => {
    const { data } = await catalog.ask<{ artists: { nodes: { albums: Page }[] } }>(
      '{ artists(first: 1) { nodes { albums(first: 1) { edges { cursor } } } } }',
    );
    const cursor = data.artists.nodes[0]?.albums.edges[0]?.cursor;
    const { data: both, errors } = await catalog.ask(
      `{ artists(first: 2) { nodes { name albums(first: 1, after: "${cursor}") { nodes { title } } } } }`,
    );
    expect(both).toEqual({
      artists: {
        nodes: [
          { name: 'Ann', albums: { nodes: [{ title: 'Third' }] } },
          { name: 'Bob', albums: null },
        ],
      },
    });
    expect(errors).toHaveLength(1);
  });

  it('shows artists by popularity, genres by name, markets by code', async () => {
    const { data } = await catalog.ask(`{
      artists(first: 5) { nodes { name } }
      genres(first: 5) { nodes { name artists(first: 5) { nodes { name } } } }
      markets(first: 5) { nodes { code name } }
    }`);
    expect(data).toEqual({
      artists: { nodes: [{ name: 'Ann' }, { name: 'Bob' }] },
      genres: { nodes: [{ name: 'house', artists: { nodes: [{ name: 'Ann' }] } }] },
      markets: {
        nodes: [
          { code: 'BR', name: 'Brazil' },
          { code: 'DE', name: 'Germany' },
          { code: 'US', name: 'United States' },
        ],
      },
    });
  });

  describe('for discovery', () => {
    const discover = async (identity: object, given = '') => {
      const { data } = await catalog.ask<Record<string, never>>(
        `query ($id: ID!) {
          newReleases(first: 9${given}) { nodes { title } }
          artist(id: $id) { topTracks(first: 9${given}) { nodes { title } } }
          genre(slug: "house") { tracks(first: 9${given}) { nodes { title } } }
        }`,
        { id: ann },
        identity,
      );
      const { newReleases, artist, genre } = data as unknown as {
        newReleases: Page;
        artist: { topTracks: Page };
        genre: { tracks: Page };
      };
      expect(titles(genre.tracks)).toEqual(titles(artist.topTracks));
      return { releases: titles(newReleases), tracks: titles(artist.topTracks) };
    };

    it('leaves out what the market may not play and what is withdrawn', async () => {
      expect(await discover({ market: 'BR' })).toEqual({
        releases: ['Third', 'Second'],
        tracks: ['Everywhere', 'Brazilian'],
      });
      expect(await discover({ market: 'DE' })).toEqual({
        releases: ['Third'],
        tracks: ['Everywhere', 'Rude'],
      });
      expect(await discover({ market: 'FR' })).toEqual({ releases: [], tracks: [] });
    });

    it('leaves out explicit tracks for whom they are not', async () => {
      expect((await discover({ market: 'DE', explicit: false })).tracks).toEqual(['Everywhere']);
    });

    it('leaves out nothing for the sake of a market that is not known, nor when told so', async () => {
      const all = { releases: ['Third', 'Second', 'First'], tracks: ['Everywhere', 'Rude', 'Brazilian'] };
      expect(await discover({ market: null })).toEqual(all);
      expect(await discover({ market: 'FR' }, ', includeUnavailable: true')).toEqual(all);
      expect(await discover({ market: 'DE' }, ', includeUnavailable: null')).toMatchObject({
        releases: ['Third'],
      });
    });

    it('hides nothing in an album', async () => {
      const { data } = await catalog.ask(
        `{ album(id: "${publicId('album', 'First')}") { tracks(first: 9) { nodes { title } } } }`,
        {},
        { market: 'FR', explicit: false },
      );
      expect(data).toEqual({ album: { tracks: { nodes: [{ title: 'Gone' }] } } });
    });
  });
});
