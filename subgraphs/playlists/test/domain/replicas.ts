import { createHash } from 'node:crypto';
import { itemUuidOf, playlistUuidOf } from '@medley/ids';
import { createAcceptance, type EditAnswer } from '../../src/domain/accept-edit.ts';
import { createPlaylistCreation } from '../../src/domain/create-playlist.ts';
import { createCollaboratorEdits } from '../../src/domain/edit-collaborators.ts';
import { createDetailEdits } from '../../src/domain/edit-details.ts';
import { createItemEdits } from '../../src/domain/edit-items.ts';
import type { OperationNames } from '../../src/domain/operation-names.ts';
import type { PlaylistRepository } from '../../src/domain/playlist-repository.ts';
import type { TrackFinder } from '../../src/domain/track-finder.ts';

export const names: OperationNames = {
  playlistId: playlistUuidOf,
  itemId: itemUuidOf,
  digest: (asked) => createHash('sha256').update(JSON.stringify(asked)).digest('base64url'),
};

/** Every track exists. */
export const findAnyTrack: TrackFinder = async (trackIds) => ({
  found: trackIds.map((trackId, index) => ({ index, trackId, albumId: null })),
  problems: [],
});

/** All edits, on some rows, without what else a subgraph needs. */
export function createEditor(
  playlists: Pick<PlaylistRepository, 'change'>,
  {
    replica,
    clock,
    findTracks = findAnyTrack,
  }: { replica: string; clock: () => Date; findTracks?: TrackFinder },
) {
  const accept = createAcceptance({ playlists: playlists as PlaylistRepository, names, replica, clock });
  return {
    create: createPlaylistCreation(accept, { names, findTracks }),
    ...createDetailEdits(accept),
    ...createItemEdits(accept, { names, findTracks }),
    ...createCollaboratorEdits(accept, {
      accounts: { findActive: async () => null },
      toUserId: (uuid) => uuid,
    }),
  };
}
export type Editor = ReturnType<typeof createEditor>;
export type Edit = (editor: Editor) => Promise<EditAnswer>;

/** A UUID that is easily told from others. */
export const uuid = (kind: number, number: number): string =>
  `${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
