import { decodeId, type IdKind, InvalidIdError } from '@medley/ids';

/**
 * The UUID in the id of an entity that another subgraph refers to.
 * @returns null when it is malformed or of another kind: that costs the one reference, and nobody else's answer
 */
export function referenceUuid(kind: IdKind, id: string): string | null {
  try {
    return decodeId(id, kind);
  } catch (error) {
    if (error instanceof InvalidIdError) return null;
    throw error;
  }
}
