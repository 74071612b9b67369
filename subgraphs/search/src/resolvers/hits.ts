import { type Connection, readPageArguments, toConnection } from '@medley/connection';
import { MedleyError } from '@medley/errors';
import type { Context } from '../context.ts';
import { kindsOf, maxDepth, queryOf, type Search } from '../domain/search.ts';
import type { DocumentKind } from '../domain/search-document.ts';
import type { IndexedHit, SearchPage } from '../domain/search-index.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { fromIndex } from './from-index.ts';

/** A page of hits. */
export type HitConnection = Connection<IndexedHit>;
export type HitEdge = HitConnection['edges'][number];

/**
 * One page of what was found of one kind. Cursors are the place in the list and the generation of the index: in another
 * index that place means nothing.
 * @throws MedleyError BAD_USER_INPUT for arguments that are not good, CONFLICT for a cursor of an index that is gone
 */
export async function readHits(
  { loaders, cursors }: Context,
  search: Search,
  given: { first: number; after?: string | null },
  { field, kind }: { field: string; kind: DocumentKind },
): Promise<HitConnection> {
  const { text, filter, includeUnavailable } = search;
  const binding = { cursors, field, arguments: { text, ...filter, includeUnavailable } };
  const page = readPageArguments(given, binding);
  const [offset, generation] = (page.after ?? [0, null]) as [number, string | null];

  const room = Math.min(page.limit, maxDepth - offset);
  let found: SearchPage = { hits: [], facets: null, generation: '' };
  if (room > 0 && kindsOf(search).includes(kind)) {
    // One more than is shown tells that there is more; below the last place there is nothing to be shown.
    const limit = offset + room < maxDepth ? room + 1 : room;
    const query = queryOf(search, { kind, offset, limit, facets: false });
    found = await fromIndex(loaders.pages.load(query));
    if (generation !== null && generation !== found.generation)
      throw new MedleyError('CONFLICT', 'The index was rebuilt since: search again.');
  }
  return toConnection(
    {
      rows: found.hits.map((hit, index) => ({ hit, place: offset + index + 1 })),
      hasRowsAtAfter: offset > 0,
      hasRowsAtBefore: false,
    },
    page,
    binding,
    { key: ({ place }) => [place, found.generation], node: ({ hit }) => hit },
  );
}

const connection = {
  nodes: ({ nodes }: HitConnection) => nodes.map(({ id }) => ({ id })),
};
const edge = {
  node: ({ node: { id } }: HitEdge) => ({ id }),
  title: ({ node }: HitEdge) => node.title,
  highlights: ({ node }: HitEdge) => [...node.highlights],
};

/** The connection and edge types of all kinds. */
export const hits = {
  SearchTrackConnection: connection,
  SearchTrackEdge: edge,
  SearchArtistConnection: connection,
  SearchArtistEdge: edge,
  SearchAlbumConnection: connection,
  SearchAlbumEdge: edge,
  SearchPlaylistConnection: connection,
  // The text of a playlist may be of a time when it was public.
  SearchPlaylistEdge: { node: edge.node },
} satisfies Resolvers;
