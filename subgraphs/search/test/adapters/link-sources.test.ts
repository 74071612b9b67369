import type { LinkRequest, SubgraphLink } from '@medley/subgraph-link';
import { createTestVerifier, testServiceKeys } from '@medley/testing';
import { describe, expect, it } from 'vitest';
import { createLinkCatalogSource } from '../../src/adapters/link-catalog-source.ts';
import { createLinkPlaylistSource } from '../../src/adapters/link-playlist-source.ts';
import { idOf } from '../documents.ts';

interface Question {
  query: string;
  variables: Record<string, unknown>;
}

/** A subgraph that answers as told; it remembers what it was asked. */
function linkThat(answer: (question: Question) => unknown) {
  const requests: LinkRequest[] = [];
  const link: SubgraphLink = {
    async send(request) {
      requests.push(request);
      return { body: JSON.stringify({ data: answer(JSON.parse(request.body)) }) };
    },
    close: async () => {},
  };
  const questions = () => requests.map(({ body }) => JSON.parse(body) as Question);
  return { options: { link, keys: testServiceKeys }, requests, questions };
}

async function all<Entry>(pages: AsyncIterable<readonly Entry[]>): Promise<Entry[][]> {
  const read: Entry[][] = [];
  for await (const page of pages) read.push([...page]);
  return read;
}

const anEntity = (id: string, rest: object = {}) => ({
  id,
  title: 'Aerodynamic',
  artistNames: ['Daft Punk'],
  albumTitle: 'Discovery',
  genreIds: [idOf('genre', 1)],
  releaseYear: 2001,
  popularity: 70,
  explicit: false,
  availableMarkets: 'DE FR',
  ...rest,
});

describe('the catalog as a source', () => {
  const track = idOf('track', 1);
  const album = idOf('album', 1);
  const artist = idOf('artist', 1);

  it('is asked in the name of search', async () => {
    const { options, requests } = linkThat(() => ({ position: '42' }));
    expect(await createLinkCatalogSource(options).readLastPosition()).toBe('42');
    const [{ identity, body }] = requests as [LinkRequest];
    expect(createTestVerifier('catalog').verify(identity, body).actor).toEqual({
      kind: 'service',
      id: 'search',
    });
  });

  it('makes documents of entities, each of its kind', async () => {
    const entities = [
      anEntity(track),
      anEntity(album, { albumTitle: null, releaseYear: 1999 }),
      anEntity(artist, { artistNames: [], albumTitle: null, releaseYear: null, availableMarkets: '' }),
    ];
    const { options } = linkThat(() => ({ entries: entities }));
    const documents = await createLinkCatalogSource(options).findDocuments([track, album, artist]);
    expect(documents).toEqual([
      {
        id: track,
        kind: 'track',
        title: 'Aerodynamic',
        description: null,
        artistNames: ['Daft Punk'],
        albumTitle: 'Discovery',
        genreIds: [idOf('genre', 1)],
        decade: 2000,
        explicit: false,
        markets: ['DE', 'FR'],
        popularity: 70,
      },
      expect.objectContaining({ kind: 'album', decade: 1990 }),
      expect.objectContaining({ kind: 'artist', decade: null, markets: [] }),
    ]);
  });

  it('has no documents for what is gone, and is not asked for what is never found', async () => {
    const { options, questions } = linkThat(() => ({ entries: [null] }));
    const source = createLinkCatalogSource(options);
    expect(await source.findDocuments([track, idOf('genre', 1), 'nonsense'])).toEqual([]);
    expect(questions()[0]?.variables).toEqual({ ids: [track] });
    expect(await source.findDocuments([idOf('genre', 1)])).toEqual([]);
    expect(questions()).toHaveLength(1);
  });

  it('tells what changed, and of a track what it is or was part of', async () => {
    const time = '2026-11-23T08:30:00.000Z';
    const changes = [
      { id: '7', key: artist, version: 1, time, data: '{}' },
      {
        id: '8',
        key: track,
        version: 2,
        time,
        data: JSON.stringify({ album: { id: album }, artists: [{ id: artist, name: 'x' }] }),
      },
      { id: '9', key: track, version: 2, time, data: JSON.stringify({ album: null, artists: [] }) },
      { id: '10', key: track, version: 2, time, data: JSON.stringify({ deleted: true, left: [album] }) },
      { id: '11', key: idOf('genre', 1), version: 1, time, data: '{}' },
    ];
    const { options, questions } = linkThat(() => ({ changes }));
    const read = await createLinkCatalogSource(options).changesSince('6', 500);
    expect(questions()[0]?.variables).toEqual({ position: '6', limit: 500 });
    expect(read.map(({ position, id, partOf }) => [position, id, partOf])).toEqual([
      ['7', artist, []],
      ['8', track, [album, artist]],
      ['9', track, []],
      ['10', track, [album]],
      ['11', idOf('genre', 1), []],
    ]);
    expect(read[0]?.time).toEqual(new Date(time));
    expect(read.map(({ isNew }) => isNew)).toEqual([true, false, false, false, true]);
  });

  it('reads dependents page by page, of artists and albums only', async () => {
    const ids = Array.from({ length: 1_400 }, (_, index) => idOf('track', index));
    const { options, questions } = linkThat(({ variables: { after, first } }) => {
      const start = after === null ? 0 : ids.indexOf(after as string) + 1;
      return { ids: ids.slice(start, start + (first as number)) };
    });
    const source = createLinkCatalogSource(options);
    expect((await all(source.dependentsOf(artist))).flat()).toEqual(ids);
    expect(questions().map(({ variables }) => variables.of)).toEqual([artist, artist]);
    expect(await all(source.dependentsOf(track))).toEqual([]);
    expect(questions()).toHaveLength(2);
  });

  it('reads everything page by page: artists, albums, tracks', async () => {
    const counts = { ARTIST: 1_000, ALBUM: 0, TRACK: 1_001 };
    const { options, questions } = linkThat(({ variables: { kind, after, first } }) => {
      const name = kind as keyof typeof counts;
      const ids = Array.from({ length: counts[name] }, (_, index) =>
        idOf(name.toLowerCase() as 'track', index),
      );
      const start = after === null ? 0 : ids.indexOf(after as string) + 1;
      return { entities: ids.slice(start, start + (first as number)).map((id) => anEntity(id)) };
    });
    const pages = await all(createLinkCatalogSource(options).allDocuments());
    expect(pages.map((page) => [page[0]?.kind, page.length])).toEqual([
      ['artist', 1_000],
      ['track', 1_000],
      ['track', 1],
    ]);
    expect(questions().map(({ variables }) => variables.kind)).toEqual([
      'ARTIST',
      'ARTIST',
      'ALBUM',
      'TRACK',
      'TRACK',
    ]);
  });

  it('does not go round in circles when pages do not get on', async () => {
    const page = Array.from({ length: 1_000 }, (_, index) => idOf('track', index));
    const { options } = linkThat(() => ({ ids: page }));
    await expect(all(createLinkCatalogSource(options).dependentsOf(artist))).rejects.toThrow(
      'there is no end to it',
    );
  });

  it.each<[string, object]>([
    ['a popularity that is none', anEntity(track, { popularity: 101 })],
    ['a missing title', anEntity(track, { title: undefined })],
    ['another id', anEntity(idOf('track', 2))],
  ])('is not believed with %s', async (_, wrong) => {
    const { options } = linkThat(() => ({ entries: [wrong] }));
    await expect(createLinkCatalogSource(options).findDocuments([track])).rejects.toThrow(
      'catalog did not answer',
    );
  });
});

describe('playlists as a source', () => {
  const id = idOf('playlist', 1);
  const aPlaylist = { id, name: 'French Touch', description: 'Paris, 1997', followerCount: 99 };

  it('makes documents that may be found everywhere, the more popular the more follow', async () => {
    const { options, requests } = linkThat(() => ({ entries: [aPlaylist] }));
    expect(await createLinkPlaylistSource(options).findDocuments([id])).toEqual([
      {
        id,
        kind: 'playlist',
        title: 'French Touch',
        description: 'Paris, 1997',
        artistNames: [],
        albumTitle: null,
        genreIds: [],
        decade: null,
        explicit: false,
        markets: null,
        popularity: 33,
      },
    ]);
    const [{ identity, body }] = requests as [LinkRequest];
    expect(createTestVerifier('playlists').verify(identity, body).aud).toBe('playlists');
  });

  it('has no document for one that is private or gone', async () => {
    const { options } = linkThat(() => ({ entries: [null] }));
    expect(await createLinkPlaylistSource(options).findDocuments([id])).toEqual([]);
  });

  it('tells which changed, as opaque positions', async () => {
    const time = '2026-11-23T08:30:00.000Z';
    const { options, questions } = linkThat(({ query }) =>
      query.includes('playlistLastChange')
        ? { position: '742-31' }
        : { changes: [{ id: '742-32', key: id, time }] },
    );
    const source = createLinkPlaylistSource(options);
    const position = await source.readLastPosition();
    expect(position).toBe('742-31');
    expect(await source.changesSince(position, 100)).toEqual([
      { position: '742-32', id, partOf: [], isNew: false, time: new Date(time) },
    ]);
    expect(questions()[1]?.variables).toEqual({ position: '742-31', limit: 100 });
    expect(await all(source.dependentsOf(id))).toEqual([]);
  });

  it('reads all public ones', async () => {
    const { options } = linkThat(() => ({ playlists: [aPlaylist] }));
    expect((await all(createLinkPlaylistSource(options).allDocuments())).flat()).toHaveLength(1);
  });
});
