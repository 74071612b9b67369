import type { IdKind } from '@medley/ids';
import { referenceUuid } from '@medley/subgraph';
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
    const uuid = referenceUuid(kind, id);
    return uuid === null ? null : loaderOf(context).load(uuid);
  };
}
