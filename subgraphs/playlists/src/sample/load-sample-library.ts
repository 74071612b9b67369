import type { LibraryRepository } from '../domain/library-repository.ts';
import type { SampleTrack, TracksByGenre } from './pick-tracks.ts';

const keptAt = new Date(Date.UTC(2026, 10, 3, 18));
const tracksOfGenre = 4;

/**
 * Gives an account something to find in its library: tracks, their albums and artists, and playlists to follow. Loading it
 * again adds nothing, but brings back what was taken out: it is for new accounts.
 * @param userId UUID
 * @param genres what the account likes, by their slugs
 * @param playlistIds what it follows, UUIDs
 */
export async function loadSampleLibrary(
  library: LibraryRepository,
  {
    userId,
    genres,
    playlistIds,
    tracksByGenre,
  }: {
    userId: string;
    genres: readonly string[];
    playlistIds: readonly string[];
    tracksByGenre: TracksByGenre;
  },
): Promise<void> {
  const tracks = genres.flatMap((genre) =>
    firstOfEachArtist(tracksByGenre.get(genre) ?? []).slice(0, tracksOfGenre),
  );
  await library.save(
    userId,
    'TRACK',
    distinct(tracks, ({ id }) => id),
    keptAt,
  );
  await library.save(
    userId,
    'ALBUM',
    distinct(tracks, ({ albumId }) => albumId),
    keptAt,
  );
  await library.save(
    userId,
    'ARTIST',
    distinct(tracks, ({ artistIds }) => artistIds[0]),
    keptAt,
  );
  for (const playlistId of playlistIds) await library.follow(userId, playlistId, keptAt);
}

function firstOfEachArtist(tracks: readonly SampleTrack[]): SampleTrack[] {
  const ofArtist = new Map<string | undefined, SampleTrack>();
  for (const track of tracks) {
    const [artist] = track.artistIds;
    if (!ofArtist.has(artist)) ofArtist.set(artist, track);
  }
  return [...ofArtist.values()];
}

function distinct(
  tracks: readonly SampleTrack[],
  idOf: (track: SampleTrack) => string | null | undefined,
): string[] {
  const ids = tracks.map(idOf).filter((id) => id !== null && id !== undefined);
  return [...new Set(ids)].slice(0, 100);
}
