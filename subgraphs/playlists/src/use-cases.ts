import { createHash } from 'node:crypto';
import { decodeId, encodeId, itemUuidOf, playlistUuidOf } from '@medley/ids';
import { type AcceptanceDependencies, createAcceptance } from './domain/accept-edit.ts';
import type { AccountDirectory } from './domain/account-directory.ts';
import type { CatalogDirectory } from './domain/catalog-directory.ts';
import { createMixCopy } from './domain/copy-mix.ts';
import { createPlaylistCreation } from './domain/create-playlist.ts';
import { createCollaboratorEdits } from './domain/edit-collaborators.ts';
import { createDetailEdits } from './domain/edit-details.ts';
import { createItemEdits } from './domain/edit-items.ts';
import type { MixDirectory } from './domain/mix-directory.ts';
import type { OperationNames } from './domain/operation-names.ts';
import { createTrackFinder } from './domain/track-finder.ts';

/** How ids follow from operations; see `@medley/ids`. */
export const operationNames: OperationNames = {
  playlistId: playlistUuidOf,
  itemId: itemUuidOf,
  digest: (asked) => createHash('sha256').update(JSON.stringify(asked)).digest('base64url'),
};

export interface Ports extends Omit<AcceptanceDependencies, 'names'> {
  readonly catalog: CatalogDirectory;
  readonly accounts: AccountDirectory;
  readonly mixes: MixDirectory;
}

/** What mutations do, each one function. */
export function createUseCases({ catalog, accounts, mixes, ...dependencies }: Ports) {
  const names = operationNames;
  const accept = createAcceptance({ ...dependencies, names });
  const findTracks = createTrackFinder({
    catalog,
    toTrackId: (uuid) => encodeId('track', uuid),
    toAlbumUuid: (id) => decodeId(id, 'album'),
  });
  return {
    create: createPlaylistCreation(accept, { names, findTracks }),
    createFromMix: createMixCopy(accept, { mixes, names, findTracks }),
    ...createDetailEdits(accept),
    ...createItemEdits(accept, { names, findTracks }),
    ...createCollaboratorEdits(accept, { accounts, toUserId: (uuid) => encodeId('user', uuid) }),
  };
}
export type UseCases = ReturnType<typeof createUseCases>;
