import { expect, it } from 'vitest';
import { createSampleCatalog } from '../../src/sample/sample-catalog.ts';
import { sampleTracksByGenre } from '../../src/sample/tracks-by-genre.ts';

const catalog = createSampleCatalog();
const byGenre = sampleTracksByGenre(catalog);
const values = new Map(catalog.tracks.map((track) => [track.id, track.values]));

it('lists the tracks of a genre that may be played, the most popular first, each once', () => {
  expect(byGenre.size).toBe(catalog.genres.length);
  const jazz = byGenre.get('jazz') ?? [];
  expect(jazz.length).toBeGreaterThan(100);
  expect(new Set(jazz.map(({ id }) => id)).size).toBe(jazz.length);
  const popularity = jazz.map(({ id }) => values.get(id)?.popularity ?? 0);
  expect(popularity).toEqual([...popularity].sort((one, other) => other - one));
  for (const { id } of jazz) {
    expect(values.get(id)?.withdrawnAt).toBeNull();
    expect(values.get(id)?.availableMarkets).not.toEqual([]);
  }
});

it('tells their album, artists and year', () => {
  for (const { id, albumId, artistIds, year } of byGenre.get('jazz') ?? []) {
    expect({ albumId, artistIds }).toEqual({
      albumId: values.get(id)?.albumId,
      artistIds: values.get(id)?.artistIds,
    });
    const album = catalog.albums.find((one) => one.id === albumId);
    expect(album?.values.release?.date).toMatch(new RegExp(`^${year}-`));
  }
});
