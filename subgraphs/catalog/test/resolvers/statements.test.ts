import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenCatalog, openCatalog, publicId } from '../open-catalog.ts';

describe('the number of SQL statements', () => {
  let catalog: OpenCatalog;
  const names = Array.from({ length: 50 }, (_, index) => `${index}`);

  beforeAll(async () => {
    catalog = await openCatalog();
    const { rows } = catalog;
    await rows.genres('house');
    await rows.artists(
      ...names.map((name) => ({ name, genres: ['house'] })),
      ...names.map((name) => ({ name: `guest ${name}` })),
    );
    await rows.albums(...names.map((name) => ({ name, artists: [name], released: '2020-01-01' })));
    await rows.tracks(
      ...names.flatMap((album) =>
        [1, 2, 3].map((n) => ({ name: `${album}/${n}`, album, artists: [album, `guest ${album}`] })),
      ),
    );
  });
  afterAll(() => catalog?.close());

  async function count(query: string, variables = {}) {
    const before = catalog.database.statements.count();
    const { data, errors } = await catalog.ask(query, variables, { market: 'DE' });
    expect(errors).toBeUndefined();
    return { statements: catalog.database.statements.count() - before, data };
  }

  it('does not grow from 5 albums with their artists and tracks to 50', async () => {
    const query = `query ($first: Int!) {
      newReleases(first: $first) { nodes {
        title trackCount durationMs
        artists { name genres { name } }
        tracks(first: 10) { nodes { title artists { name } } pageInfo { hasNextPage } }
      } }
    }`;
    const five = await count(query, { first: 5 });
    const fifty = await count(query, { first: 50 });
    expect((fifty.data as never as { newReleases: { nodes: unknown[] } }).newReleases.nodes).toHaveLength(50);
    // The page of albums and the albums; their totals, credits and pages of tracks; the tracks and their credits; the
    // artists of albums, those of tracks, and the genres. Loads of one kind that fall together are one statement.
    for (const { statements } of [five, fifty]) expect(statements).toBeLessThanOrEqual(11);
  });

  it('does not grow from 5 artists with three lists each to 50', async () => {
    const query = `query ($first: Int!) {
      artists(first: $first) { nodes {
        name
        albums(first: 5, types: [ALBUM]) { nodes { title tracks(last: 2) { nodes { title } } } }
        topTracks(first: 3) { nodes { title album { title } } }
        genres { name tracks(first: 5) { nodes { title } } }
      } }
    }`;
    const five = await count(query, { first: 5 });
    const fifty = await count(query, { first: 50 });
    for (const { statements } of [five, fifty]) expect(statements).toBeLessThanOrEqual(13);
  });

  it('is one for a hundred tracks, and does not grow with aliases', async () => {
    const ids = names.flatMap((album) => [`${album}/1`, `${album}/2`]).map((name) => publicId('track', name));
    const all = await count('query ($ids: [ID!]!) { tracks(ids: $ids) { title } }', { ids });
    expect(all.statements).toBe(1);
    const aliases = ids.slice(0, 20).map((id, n) => `a${n}: track(id: "${id}") { title album { title } }`);
    expect((await count(`{ ${aliases.join(' ')} }`)).statements).toBe(2);
  });

  it('is none for what is not selected', async () => {
    const id = publicId('album', '0');
    expect((await count(`{ album(id: "${id}") { id title cover { url } } }`)).statements).toBe(1);
    expect((await count('{ artists(first: 5) { edges { cursor } } }')).statements).toBe(1);
  });

  it('is one per kind for references', async () => {
    const representations = names.flatMap((name) => [
      { __typename: 'Album', id: publicId('album', name) },
      { __typename: 'Artist', id: publicId('artist', name) },
    ]);
    const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on Album { title } ... on Artist { name } } }`;
    expect((await count(query, { representations })).statements).toBe(2);
  });
});
