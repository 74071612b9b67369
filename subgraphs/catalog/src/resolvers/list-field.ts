import { type ConnectionArguments, readPageArguments, toConnection } from '@medley/connection';
import type { Context } from '../context.ts';
import type { Audience, ListName, ListQuery } from '../domain/lists.ts';
import type { IdConnection } from './connections.ts';

/** Which list a field shows. */
export interface ListField {
  /** Cursors are bound to it: `Artist.albums`. */
  readonly field: string;
  readonly list: ListName;
  /** Whose list it is: a UUID; absent for the lists of the whole catalog. */
  readonly parentId?: string;
  /** The arguments that choose what is in the list; cursors are bound to them. */
  readonly bound?: Readonly<Record<string, unknown>>;
  /** What they mean. */
  readonly filter?: Pick<ListQuery, 'types' | 'audience' | 'today'>;
}

/** @throws MedleyError BAD_USER_INPUT for paging arguments that are not good */
export async function readList(
  { loaders, cursors }: Context,
  given: ConnectionArguments,
  { field, list, parentId, bound, filter }: ListField,
): Promise<IdConnection> {
  const binding = { cursors, field, arguments: { ...bound, parentId } };
  const page = readPageArguments(given, binding);
  const slice = await loaders.pages.load({ query: { list, page, ...filter }, parentId: parentId ?? null });
  return toConnection(slice, page, binding, { key: (row) => row, node: (row) => String(row.at(-1)) });
}

/** Whom a discovery list is for: where the market is unknown nothing is left out for its sake. */
export function audienceOf(
  { request }: Context,
  { includeUnavailable }: { includeUnavailable?: boolean | null },
): Audience {
  return { market: includeUnavailable ? null : request.market, explicit: request.explicit };
}
