import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentKinds, type SearchDocument } from '../../src/domain/search-document.ts';
import { IndexUnavailableError, NothingBuiltError, type SearchQuery } from '../../src/domain/search-index.ts';
import { aDocument, idOf } from '../documents.ts';
import {
  aQuery,
  build,
  everyone,
  type IndexUnderTest,
  implementations,
  titles,
} from '../indexes-under-test.ts';

describe.each(implementations)('a SearchIndex of %s, while it changes,', (_name, open) => {
  let opened: IndexUnderTest;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened?.close());

  const find = async (text: string, kind: SearchQuery['kind'] = 'track') => {
    const [page] = await opened.index.search([aQuery(kind, text)]);
    return titles(page?.hits ?? []);
  };
  const write = (put: readonly SearchDocument[], remove: readonly string[] = [], positions = {}) =>
    opened.writer.write({ put, remove, positions });

  it('finds nothing while nothing was built, and says so', async () => {
    const [page] = await opened.index.search([aQuery('track', 'anything', { facets: true })]);
    expect(page).toMatchObject({ hits: [], facets: { genres: new Map() } });
    expect(await opened.index.suggest({ prefix: 'a', audience: everyone, limit: 8 })).toEqual([]);
    const state = { generation: null, builtAt: null, positions: {} };
    expect(await opened.index.readState()).toMatchObject(state);
    expect(await opened.writer.readState()).toMatchObject(state);
    await expect(write([aDocument('track', 'Early')])).rejects.toThrow(NothingBuiltError);
  });

  it('tells what is in it, how far it follows, and when it was built', async () => {
    const before = Date.now();
    await build(
      opened.writer,
      documentKinds.flatMap((kind, at) => Array.from({ length: at + 1 }, () => aDocument(kind, 'Something'))),
      { catalog: '12-3', playlists: '0' },
    );
    const state = await opened.index.readState();
    expect(state.counts).toEqual({ track: 1, artist: 2, album: 3, playlist: 4 });
    expect(state.positions).toEqual({ catalog: '12-3', playlists: '0' });
    expect(state.generation).toEqual(expect.any(String));
    expect(state.builtAt?.getTime()).toBeGreaterThanOrEqual(before - 1_000);
    expect(await opened.writer.readState()).toEqual(state);
    const [page] = await opened.index.search([aQuery('track', 'something')]);
    expect(page?.generation).toBe(state.generation);
  });

  it('finds what was written when the writing is over, in place of what was there', async () => {
    const song = aDocument('track', 'Before');
    await build(opened.writer, [song]);
    await write([{ ...song, title: 'Afterwards' }, aDocument('album', 'Sideways')]);
    expect(await find('before')).toEqual([]);
    expect(await find('afterwards')).toEqual(['Afterwards']);
    expect(await find('sideways', 'album')).toEqual(['Sideways']);
    expect((await opened.index.readState()).counts).toMatchObject({ track: 1, album: 1 });
  });

  it('suggests what was written when the writing is over, and not what was removed', async () => {
    const suggest = async (prefix: string) =>
      titles(await opened.index.suggest({ prefix, audience: everyone, limit: 8 }));
    const [daft, dido] = [aDocument('artist', 'Daft Punk', { popularity: 80 }), aDocument('artist', 'Dido')];
    await build(opened.writer, [daft, dido]);
    expect(await suggest('d')).toEqual(['Daft Punk', 'Dido']);
    await write([{ ...dido, popularity: 90 }, aDocument('track', 'Dust', { popularity: 1 })]);
    expect(await suggest('d')).toEqual(['Dido', 'Daft Punk', 'Dust']);
    expect(await suggest('du')).toEqual(['Dust']);
    await write([], [daft.id]);
    expect(await suggest('d')).toEqual(['Dido', 'Dust']);
    await build(opened.writer, [aDocument('artist', 'Doves')]);
    expect(await suggest('d')).toEqual(['Doves']);
  });

  it('takes the same again and again', async () => {
    const songs = [aDocument('track', 'Again'), aDocument('track', 'Against')];
    await build(opened.writer, songs, { catalog: '1' });
    for (let times = 0; times < 3; times++) await write(songs, [idOf('track', 999)], { catalog: '2' });
    expect(await find('again')).toEqual(['Again', 'Against']);
    expect(await opened.index.readState()).toMatchObject({
      counts: { track: 2 },
      positions: { catalog: '2' },
    });
  });

  it('removes, whatever the kind, and what is not there', async () => {
    const documents = documentKinds.map((kind) => aDocument(kind, 'Gone'));
    await build(opened.writer, documents);
    await write([], [...documents.map(({ id }) => id), idOf('track', 998)]);
    for (const kind of documentKinds) expect(await find('gone', kind)).toEqual([]);
    await write(documents.slice(0, 1));
    expect(await find('gone')).toEqual(['Gone']);
  });

  it('changes thousands of documents many times over', async () => {
    const songs = Array.from({ length: 1_500 }, (_, number) => aDocument('track', `Round zero ${number}`));
    await build(opened.writer, songs);
    for (const round of ['one', 'two', 'three']) {
      await write(songs.map((song) => ({ ...song, title: song.title.replace('zero', round) })));
    }
    expect(await find('zero')).toEqual([]);
    expect(await find('three')).toHaveLength(20);
    expect(await find('three 777')).toContain('Round three 777');
    expect((await opened.index.readState()).counts.track).toBe(1_500);
  });

  it('notes the positions of sources each for itself', async () => {
    await build(opened.writer, [], { catalog: '1', playlists: '1' });
    await write([], [], { catalog: '5' });
    expect((await opened.writer.readState()).positions).toEqual({ catalog: '5', playlists: '1' });
  });

  it('notes no position when what leads to it could not be written', async () => {
    await build(opened.writer, [], { catalog: '1' });
    // What no index takes: genres that are no list, an id with a space.
    const broken = { ...aDocument('track', 'Broken'), id: 'track_ no id', genreIds: 7 };
    await expect(write([broken as unknown as SearchDocument], [], { catalog: '2' })).rejects.toThrow(
      IndexUnavailableError,
    );
    expect((await opened.writer.readState()).positions).toEqual({ catalog: '1' });
  });

  it('answers from the old index until the new one is put in its place, whole', async () => {
    await build(opened.writer, [aDocument('track', 'Old song'), aDocument('artist', 'Old singer')], {
      catalog: '1',
    });
    const old = await opened.index.readState();
    const fresh = await opened.writer.beginRebuild();
    await fresh.write({ put: [aDocument('track', 'New song')], remove: [], positions: { catalog: '7' } });
    const gone = aDocument('track', 'Gone song');
    await fresh.write({ put: [gone, aDocument('artist', 'New singer')], remove: [], positions: {} });
    await fresh.write({ put: [], remove: [gone.id], positions: { playlists: '3' } });

    expect(await find('song')).toEqual(['Old song']);
    expect(await opened.index.readState()).toEqual(old);
    await write([aDocument('track', 'Late song')], [], { catalog: '2' });
    expect((await find('song')).toSorted()).toEqual(['Late song', 'Old song']);

    await fresh.swap();
    expect(await find('song')).toEqual(['New song']);
    expect(await find('singer', 'artist')).toEqual(['New singer']);
    const state = await opened.index.readState();
    expect(state.counts).toEqual({ track: 1, artist: 1, album: 0, playlist: 0 });
    expect(state.positions).toEqual({ catalog: '7', playlists: '3' });
    expect(state.generation).not.toBe(old.generation);
  });

  it('goes on with the old index when the new one is discarded', async () => {
    await build(opened.writer, [aDocument('track', 'Old song')], { catalog: '1' });
    const fresh = await opened.writer.beginRebuild();
    await fresh.write({ put: [aDocument('track', 'New song')], remove: [], positions: { catalog: '7' } });
    await fresh.discard();
    await fresh.discard();
    expect(await find('song')).toEqual(['Old song']);
    expect((await opened.index.readState()).positions).toEqual({ catalog: '1' });
    await expect(fresh.swap()).rejects.toThrow(IndexUnavailableError);
  });

  it('throws an unfinished rebuild away when another is begun', async () => {
    await build(opened.writer, [aDocument('track', 'Old song')]);
    const first = await opened.writer.beginRebuild();
    await first.write({ put: [aDocument('track', 'First song')], remove: [], positions: {} });
    const second = await opened.writer.beginRebuild();
    await second.write({ put: [aDocument('track', 'Second song')], remove: [], positions: {} });
    await expect(
      first.write({ put: [aDocument('track', 'Lost song')], remove: [], positions: {} }),
    ).rejects.toThrow(IndexUnavailableError);
    await expect(first.swap()).rejects.toThrow(IndexUnavailableError);
    await first.discard();
    await second.swap();
    expect(await find('song')).toEqual(['Second song']);
  });
});
