import { importedUuid } from '@medley/ids';
import type { PlaylistWriter, SourcePlaylist } from '../domain/playlist-writer.ts';
import { type EditorialPlaylist, editorialPlaylists, sharedPlaylist } from './editorial-playlists.ts';
import { pickTracks, type TracksByGenre } from './pick-tracks.ts';

const dayMs = 86_400_000;
// The youngest was made on that day, each older one nine days before the next.
const youngestAt = Date.UTC(2026, 10, 2, 9);
const daysBetween = 9;

/**
 * Writes the public playlists of the house, and one that two people share. Loading them again changes nothing.
 * @param ownerId whose they are, a UUID
 * @param shared who makes one of them together, UUIDs; absent: nobody does
 * @returns the ids of the playlists, UUIDs, the oldest first, the shared one last
 */
export async function loadSamplePlaylists(
  writer: PlaylistWriter,
  {
    ownerId,
    shared,
    tracksByGenre,
  }: {
    ownerId: string;
    shared?: { readonly ownerId: string; readonly collaboratorId: string };
    tracksByGenre: TracksByGenre;
  },
): Promise<string[]> {
  const ofTheHouse = editorialPlaylists.map((editorial, index) => {
    const age = (editorialPlaylists.length - 1 - index) * daysBetween;
    return toPlaylist(editorial, ownerId, new Date(youngestAt - age * dayMs), tracksByGenre);
  });
  const playlists = [
    ...ofTheHouse,
    ...(shared
      ? [
          {
            ...toPlaylist(sharedPlaylist, shared.ownerId, new Date(youngestAt), tracksByGenre),
            collaboratorIds: [shared.collaboratorId],
          },
        ]
      : []),
  ];
  for (const playlist of playlists) {
    const { reason } = await writer.write(playlist);
    if (reason !== null) throw new Error(`the sample playlist ${playlist.name} was refused: ${reason}`);
  }
  return playlists.map(({ id }) => id);
}

/** Its tracks came one an hour from when it was made. */
function toPlaylist(
  editorial: EditorialPlaylist,
  ownerId: string,
  createdAt: Date,
  tracksByGenre: TracksByGenre,
): SourcePlaylist {
  const { slug, name, description } = editorial;
  const tracks = pickTracks(editorial, tracksByGenre);
  return {
    id: importedUuid('sample', 'playlist', slug),
    ownerId,
    name,
    description,
    createdAt,
    items: tracks.map(({ id, albumId }, index) => ({
      id: importedUuid('sample', 'item', `${slug}:${id}`),
      trackId: id,
      albumId,
      addedAt: new Date(createdAt.getTime() + index * 3_600_000),
    })),
  };
}
