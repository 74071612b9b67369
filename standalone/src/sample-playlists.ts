import { sampleLandmarks } from '@medley/catalog/sample/landmarks';
import { createSampleCatalog } from '@medley/catalog/sample/sample-catalog';
import { decodeId, encodeId, importedUuid } from '@medley/ids';
import type { Repositories } from '@medley/playlists/adapters/prisma-repositories';
import { editorialPlaylists } from '@medley/playlists/sample/editorial-playlists';
import { loadSampleLibrary } from '@medley/playlists/sample/load-sample-library';
import { loadSamplePlaylists } from '@medley/playlists/sample/load-sample-playlists';
import type { SampleTrack, TracksByGenre } from '@medley/playlists/sample/pick-tracks';
import { personaUserId } from '@medley/users';

/** The public id of the sample playlist with a hundred tracks. */
export const samplePlaylistId = encodeId('playlist', importedUuid('sample', 'playlist', 'long-hundred'));

/** The one that two personas share, and the item in it that is "Everywhere at Once". */
export const sampleSharedPlaylist = {
  id: encodeId('playlist', importedUuid('sample', 'playlist', 'swap-shop')),
  itemId: encodeId(
    'item',
    importedUuid('sample', 'item', `swap-shop:${decodeId(sampleLandmarks.everywhere.id, 'track')}`),
  ),
};

/** Changes whenever what is loaded may change. */
export const samplePlaylistsVersion = JSON.stringify(editorialPlaylists);

/**
 * Writes playlists of the house over the sample catalog, one that two personas share, and what a persona keeps. Loading
 * it again changes nothing.
 */
export async function loadSamples({
  writer,
  library,
}: Pick<Repositories, 'writer' | 'library'>): Promise<void> {
  const tracksByGenre = listTracksByGenre();
  const account = (persona: string) => decodeId(personaUserId(persona), 'user');
  const playlistIds = await loadSamplePlaylists(writer, {
    ownerId: account('editor'),
    shared: { ownerId: account('premium-us'), collaboratorId: account('free-de') },
    tracksByGenre,
  });
  await loadSampleLibrary(library, {
    userId: account('premium-us'),
    genres: ['indie-pop', 'jazz', 'soul'],
    playlistIds: playlistIds.slice(0, 3),
    tracksByGenre,
  });
}

/** Of each genre what may be played today, the most popular first. A track has the genres of its artists. */
function listTracksByGenre(): TracksByGenre {
  const { genres, artists, albums, tracks } = createSampleCatalog();
  const slugs = new Map(genres.map(({ id, values }) => [id, values.slug ?? '']));
  const genresOf = new Map(artists.map(({ id, values }) => [id, values.genreIds ?? []]));
  const years = new Map(
    albums.map(({ id, values }) => [id, values.release ? Number(values.release.date.slice(0, 4)) : null]),
  );
  const lists = new Map<string, SampleTrack[]>([...slugs.values()].map((slug) => [slug, []]));
  const playable = tracks
    .filter(({ values }) => !values.withdrawnAt && (values.popularity ?? 0) > 0)
    .sort((one, other) => (other.values.popularity ?? 0) - (one.values.popularity ?? 0));
  for (const { id, values } of playable) {
    const { albumId = null, artistIds = [] } = values;
    const track = { id, albumId, artistIds, year: albumId === null ? null : (years.get(albumId) ?? null) };
    const ofTrack = new Set(artistIds.flatMap((artist) => genresOf.get(artist) ?? []));
    for (const genre of ofTrack) lists.get(slugs.get(genre) ?? '')?.push(track);
  }
  return lists;
}
