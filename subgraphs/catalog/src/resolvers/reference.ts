import { decodeId, type IdKind, InvalidIdError } from '@medley/ids';
import type { Context } from '../context.ts';

/**
 * Finds an entity that another subgraph refers to. An id that is none of ours, stale or malformed, gives null: it costs
 * that one reference.
 */
export function resolveReference<Row>(
  kind: IdKind,
  loaderOf: (context: Context) => { load(id: string): Promise<Row | null> },
) {
  return async ({ id }: { id: string }, context: Context): Promise<Row | null> => {
    const uuid = readId(id, kind);
    return uuid === null ? null : loaderOf(context).load(uuid);
  };
}

function readId(id: string, kind: IdKind): string | null {
  try {
    return decodeId(id, kind);
  } catch (error) {
    if (error instanceof InvalidIdError) return null;
    throw error;
  }
}
