import { encodeId, type IdKind } from '@medley/ids';
import { referenceUuid } from '@medley/subgraph';

/** An entity that belongs to another subgraph, by its public id. */
export interface Reference {
  readonly id: string;
}

/** @param uuid as rows have it */
export const toReference = (kind: IdKind, uuid: string): Reference => ({ id: encodeId(kind, uuid) });

/** What another subgraph refers to; null when the id is malformed, which costs that one reference. */
export const resolveReference =
  (kind: IdKind) =>
  ({ id }: Reference): Reference | null =>
    referenceUuid(kind, id) === null ? null : { id };

const kinds = {
  TRACK: { __typename: 'Track', kind: 'track' },
  ARTIST: { __typename: 'Artist', kind: 'artist' },
  ALBUM: { __typename: 'Album', kind: 'album' },
  PLAYLIST: { __typename: 'Playlist', kind: 'playlist' },
} as const;

/** A member of a union. */
export function toMember<Kind extends keyof typeof kinds>({
  kind,
  id,
}: {
  readonly kind: Kind;
  readonly id: string;
}): Reference & { readonly __typename: (typeof kinds)[Kind]['__typename'] } {
  const { __typename, kind: idKind } = kinds[kind];
  return { __typename, id: encodeId(idKind, id) };
}
