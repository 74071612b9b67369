import {
  type Connection,
  type ConnectionArguments,
  readPageArguments,
  toConnection,
} from '@medley/connection';
import { decodeId } from '@medley/ids';
import type { Context } from '../context.ts';
import type { NothingCode } from '../domain/list-filter.ts';
import { provenanceOf, type Standing } from '../domain/provenance.ts';
import type { SimilarItem } from '../domain/similar-tracks.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { fromStores } from './from-stores.ts';
import { type Reference, resolveReference, toReference } from './reference.ts';

/** A page of what is like something. */
export interface SimilarConnection extends Pick<Connection<SimilarNode>, 'edges' | 'pageInfo'> {
  readonly empty: NothingCode | null;
}
export type SimilarEdge = SimilarConnection['edges'][number];

interface SimilarNode extends SimilarItem {
  readonly standing: Standing;
}

interface SimilarArguments extends ConnectionArguments {
  readonly includeUnavailable: boolean;
}

async function readSimilar(
  kind: 'track' | 'artist',
  { id }: Reference,
  { includeUnavailable, ...given }: SimilarArguments,
  { loaders, useCases, cursors }: Context,
): Promise<SimilarConnection> {
  const field = kind === 'track' ? 'Track.similar' : 'Artist.similar';
  const binding = { cursors, field, arguments: { id, includeUnavailable } };
  const page = readPageArguments(given, binding);
  const loader = kind === 'track' ? loaders.similarTracks : loaders.similarArtists;
  const skip = Number(page.after?.[0] ?? 0);
  const asked = { id: decodeId(id, kind), skip, limit: page.limit, includeUnavailable };
  const { items, hasMore, lookedUntil, empty, model } = await fromStores(loader.load(asked));
  const standing = { model, ...useCases.lag() };
  const { edges, pageInfo } = toConnection(
    {
      rows: items,
      hasRowsAtAfter: page.after !== null,
      hasRowsAtBefore: false,
      lookedUntil: lookedUntil === null ? null : [lookedUntil],
    },
    page,
    binding,
    { key: ({ place }) => [place], node: (item) => ({ ...item, standing }) },
  );
  return { edges, pageInfo: { ...pageInfo, hasNextPage: pageInfo.hasNextPage || hasMore }, empty };
}

const edge = (kind: 'track' | 'artist') => ({
  node: ({ node }: SimilarEdge) => toReference(kind, node.id),
  score: ({ node }: SimilarEdge) => node.score,
  recommendation: ({ node }: SimilarEdge) => provenanceOf(node, node.standing),
});

/** What tracks and artists get here, and the types that belong to it. */
export const similar = {
  Track: {
    __resolveReference: resolveReference('track'),
    similar: (track, given, context) => readSimilar('track', track, given, context),
  },
  Artist: {
    __resolveReference: resolveReference('artist'),
    similar: (artist, given, context) => readSimilar('artist', artist, given, context),
  },
  SimilarTrackEdge: edge('track'),
  SimilarArtistEdge: edge('artist'),
} satisfies Resolvers;
