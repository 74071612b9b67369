import { type AcceptEdit, type EditAnswer, refuseWith } from './accept-edit.ts';
import { readDescription } from './edit-details.ts';
import { toItems } from './edit-items.ts';
import { problemsOfDescription, problemsOfName } from './limits.ts';
import type { OperationNames } from './operation-names.ts';
import type { Privacy } from './playlist.ts';
import type { TrackFinder } from './track-finder.ts';

export interface PlaylistCreateRequest {
  readonly operationId: string;
  readonly viewerId: string;
  readonly name: string;
  readonly description: string | null;
  readonly privacy: Privacy;
  /** UUIDs. */
  readonly trackIds: readonly string[];
}

/** Creates a playlist, whose id is made of the operation's; sent again it answers the same one. */
export function createPlaylistCreation(
  accept: AcceptEdit,
  { names, findTracks }: { names: OperationNames; findTracks: TrackFinder },
) {
  return async (request: PlaylistCreateRequest): Promise<EditAnswer> => {
    const { operationId, viewerId, privacy, trackIds } = request;
    const name = request.name.trim();
    const description = readDescription(request.description);
    const problems = [...problemsOfName(name), ...problemsOfDescription(description)];
    const tracks = await findTracks(trackIds);
    const playlistId = names.playlistId(operationId);
    return accept(
      { operationId, viewerId, playlistId, ifSnapshot: null },
      {
        begins: true,
        type: 'CREATE',
        asked: [name, description, privacy, trackIds],
        judge: () => null,
        async prepare({ state }) {
          if (problems.length > 0) return refuseWith(...problems);
          // Its operation is forgotten, or it was made by somebody else's, which had the same id.
          if (state.created) return refuseWith(playlistExists);
          const items = toItems(tracks, { after: null, before: null }, operationId, trackIds.length, names);
          const change = { type: 'CREATE', ownerId: viewerId, name, description, privacy, items } as const;
          return { change, problems: tracks.problems };
        },
      },
    );
  };
}

/** An operation of this id made one. */
export const playlistExists = {
  field: ['operationId'],
  code: 'OPERATION_ID_REUSED',
  message: 'A playlist was created by an operation with this id before.',
} as const;
