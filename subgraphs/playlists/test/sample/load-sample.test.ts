import type { Database } from '@medley/database';
import { importedUuid, newUuid } from '@medley/ids';
import { openTestDatabase } from '@medley/testing/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrismaClient, type PrismaClient } from '../../src/adapters/prisma-client.ts';
import { openRepositories, type Repositories } from '../../src/adapters/prisma-repositories.ts';
import { problemsOfDescription, problemsOfName } from '../../src/domain/limits.ts';
import { editorialPlaylists, sharedPlaylist } from '../../src/sample/editorial-playlists.ts';
import { loadSampleLibrary } from '../../src/sample/load-sample-library.ts';
import { loadSamplePlaylists } from '../../src/sample/load-sample-playlists.ts';
import { pickTracks, type SampleTrack } from '../../src/sample/pick-tracks.ts';

const genres = [...new Set([...editorialPlaylists, sharedPlaylist].flatMap(({ genres }) => genres))];
const uuid = (kind: 'track' | 'album' | 'artist', name: string) => importedUuid('test', kind, name);
/** 300 tracks of 60 artists in each genre; five of one artist stand one after the other. */
const tracksByGenre = new Map(
  genres.map((genre) => [
    genre,
    Array.from(
      { length: 300 },
      (_, index): SampleTrack => ({
        id: uuid('track', `${genre} ${index}`),
        albumId: uuid('album', `${genre} ${index % 90}`),
        artistIds: [uuid('artist', `${genre} ${Math.floor(index / 5)}`)],
        year: 1960 + (index % 67),
      }),
    ),
  ]),
);

describe('the sample playlists', () => {
  it('have names and descriptions that a playlist may have, and each its own', () => {
    const all = [...editorialPlaylists, sharedPlaylist];
    expect(
      all.flatMap(({ name, description }) => [
        ...problemsOfName(name),
        ...problemsOfDescription(description),
      ]),
    ).toEqual([]);
    expect(new Set(all.map(({ slug }) => slug)).size).toBe(all.length);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(editorialPlaylists).toHaveLength(24);
    expect(Math.max(...editorialPlaylists.map(({ count }) => count))).toBe(100);
  });

  it('pick as many tracks as they want, each once, at most three of one artist, the same each time', () => {
    for (const editorial of editorialPlaylists) {
      const tracks = pickTracks(editorial, tracksByGenre);
      expect(tracks).toHaveLength(editorial.count);
      expect(new Set(tracks.map(({ id }) => id)).size).toBe(editorial.count);
      const timesOf = (artistId?: string) =>
        tracks.filter(({ artistIds }) => artistIds[0] === artistId).length;
      for (const { artistIds } of tracks) expect(timesOf(artistIds[0])).toBeLessThanOrEqual(3);
      expect(pickTracks(editorial, tracksByGenre)).toEqual(tracks);
    }
  });

  it('keep to their years, and are short where there is little', () => {
    const years = { ...sharedPlaylist, genres: [], years: [1990, 1999] as const, count: 50 };
    for (const { year } of pickTracks(years, tracksByGenre)) expect(String(year)).toMatch(/^199\d$/);
    expect(pickTracks(sharedPlaylist, new Map())).toEqual([]);
  });
});

describe('a first visit', () => {
  let database: Database;
  let prisma: PrismaClient;
  let repositories: Repositories;
  beforeAll(async () => {
    database = await openTestDatabase('playlists');
    prisma = openPrismaClient(database);
    repositories = openRepositories(database);
  });
  afterAll(async () => {
    await repositories?.close();
    await prisma?.$disconnect();
    await database?.close();
  });

  it('finds playlists and a library, which loading them again does not change', async () => {
    const [house, one, other] = [newUuid(), newUuid(), newUuid()];
    const { library, writer } = repositories;
    const load = async () => {
      const playlistIds = await loadSamplePlaylists(writer, {
        ownerId: house,
        shared: { ownerId: one, collaboratorId: other },
        tracksByGenre,
      });
      await loadSampleLibrary(library, {
        userId: one,
        genres: ['jazz', 'folk', 'pop'],
        playlistIds: playlistIds.slice(0, 3),
        tracksByGenre,
      });
      return playlistIds;
    };
    const playlistIds = await load();
    const list = (userId: string) =>
      library.findPages('PLAYLISTS', { limit: 100, direction: 'forward', after: null, before: null }, [
        userId,
      ]);
    const counts = async () => ({
      playlists: await prisma.playlist.count({ where: { privacy: 'PUBLIC' } }),
      items: await prisma.playlistItem.count(),
      operations: await prisma.operation.count(),
      saved: await prisma.saved.count(),
      changes: await prisma.outbox.count(),
      lists: await list(one),
    });
    const loaded = await counts();
    const items = [...editorialPlaylists, sharedPlaylist].reduce((sum, { count }) => sum + count, 0);
    expect(loaded).toMatchObject({ playlists: 25, items, saved: 36, changes: 39 });
    expect((await list(other))[0]?.rows.map(({ id }) => id)).toEqual(playlistIds.slice(-1));
    expect(loaded.lists[0]?.rows).toHaveLength(4);
    const house24 = await prisma.playlist.findMany({
      where: { ownerId: house },
      orderBy: { createdAt: 'desc' },
    });
    expect(house24.map(({ id }) => id)).toEqual(playlistIds.slice(0, 24).reverse());
    await load();
    expect(await counts()).toEqual(loaded);
  });
});
