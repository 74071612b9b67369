import { type AcceptEdit, type EditAnswer, refuseWith } from './accept-edit.ts';
import { playlistExists } from './create-playlist.ts';
import { toItems } from './edit-items.ts';
import { maxDescriptionLength, problemsOfName } from './limits.ts';
import { type FoundMix, type MixDirectory, MixesUnavailableError, type MixToFind } from './mix-directory.ts';
import type { OperationNames } from './operation-names.ts';
import type { Privacy } from './playlist.ts';
import type { Problem } from './problem.ts';
import type { TrackFinder } from './track-finder.ts';

export interface MixCopyRequest extends Omit<MixToFind, 'ownerId'> {
  readonly operationId: string;
  readonly viewerId: string;
  /** Null: the title of the mix. */
  readonly name: string | null;
  readonly privacy: Privacy;
}

/**
 * Creates a playlist from what a mix holds now. Sent again it answers the same playlist, also when the mix is gone by then, is another
 * one, or cannot be asked for.
 * @throws MixesUnavailableError when recommendations do not answer, and it was not created before
 */
export function createMixCopy(
  accept: AcceptEdit,
  { mixes, names, findTracks }: { mixes: MixDirectory; names: OperationNames; findTracks: TrackFinder },
) {
  return async (request: MixCopyRequest): Promise<EditAnswer> => {
    const { operationId, viewerId, mixId, privacy, market, explicit } = request;
    const name = request.name === null ? null : request.name.trim();
    const mix = await mixes.find({ mixId, ownerId: viewerId, market, explicit }).catch(unlessAway);
    const trackIds = mix instanceof MixesUnavailableError ? [] : (mix?.trackIds ?? []);
    const tracks = await findTracks(trackIds);
    const playlistId = names.playlistId(operationId);
    return accept(
      { operationId, viewerId, playlistId, ifSnapshot: null },
      {
        begins: true,
        type: 'CREATE',
        // Not what the mix holds: that changes.
        asked: ['mix', mixId, name, privacy],
        judge: () => null,
        async prepare({ state }) {
          if (mix instanceof MixesUnavailableError) throw mix;
          if (mix === null) return refuseWith(noMix);
          const called = name ?? mix.title;
          const problems = problemsOfName(called);
          if (problems.length > 0) return refuseWith(...problems);
          if (tracks.found.length === 0) return refuseWith(nothingToPlay);
          if (state.created) return refuseWith(playlistExists);
          const items = toItems(tracks, { after: null, before: null }, operationId, trackIds.length, names);
          const description = describe(mix);
          const change = {
            type: 'CREATE',
            ownerId: viewerId,
            name: called,
            description,
            privacy,
            items,
          } as const;
          return { change, problems: [] };
        },
      },
    );
  };
}

function unlessAway(error: unknown): MixesUnavailableError {
  if (error instanceof MixesUnavailableError) return error;
  throw error;
}

const describe = ({ description }: FoundMix): string | null =>
  [...description.trim()].slice(0, maxDescriptionLength).join('') || null;

const noMix: Problem = { field: ['mixId'], code: 'NOT_FOUND', message: 'There is no such mix.' };
const nothingToPlay: Problem = {
  field: ['mixId'],
  code: 'NOT_FOUND',
  message: 'Nothing of this mix may be played here.',
};
