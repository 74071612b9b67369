import { encodeId, type IdKind } from '@medley/ids';
import { referenceUuid } from '@medley/subgraph';

/** An entity that belongs to another subgraph, by its public id. */
export interface Reference {
  readonly id: string;
  /** Of a track, where it is known already. */
  readonly playCount?: number;
}

/** @param uuid as rows have it */
export const toReference = (kind: IdKind, uuid: string): Reference => ({ id: encodeId(kind, uuid) });

/** What another subgraph refers to; null when the id is malformed, which costs that one reference. */
export const resolveReference =
  (kind: IdKind) =>
  ({ id }: Reference): Reference | null =>
    referenceUuid(kind, id) === null ? null : { id };
