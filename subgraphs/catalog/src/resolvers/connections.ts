import type { Connection } from '@medley/connection';
import type { Context } from '../context.ts';
import type { Resolvers } from '../generated/graphql.ts';

/** A page of ids: what they stand for is loaded where it is selected. */
export type IdConnection = Connection<string>;
export type IdEdge = IdConnection['edges'][number];

const resolveNodes = <Node>(find: (id: string, context: Context) => Promise<Node>) => ({
  connection: {
    nodes: ({ nodes }: IdConnection, _: unknown, context: Context) =>
      Promise.all(nodes.map((id) => find(id, context))),
  },
  edge: { node: ({ node }: IdEdge, _: unknown, context: Context) => find(node, context) },
});

const artists = resolveNodes((id, { loaders }) => loaders.artists.load(id));
const albums = resolveNodes((id, { loaders }) => loaders.albums.load(id));
const tracks = resolveNodes((id, { loaders }) => loaders.tracks.load(id));
const genres = resolveNodes((id, { loaders }) => loaders.genres.load(id));
const markets = resolveNodes(async (code) => code);

/** The connection and edge types of all lists. */
export const connections = {
  ArtistConnection: artists.connection,
  ArtistEdge: artists.edge,
  NewReleaseConnection: albums.connection,
  NewReleaseEdge: albums.edge,
  GenreConnection: genres.connection,
  GenreEdge: genres.edge,
  MarketConnection: markets.connection,
  MarketEdge: markets.edge,
  ArtistAlbumConnection: albums.connection,
  ArtistAlbumEdge: albums.edge,
  ArtistTopTrackConnection: tracks.connection,
  ArtistTopTrackEdge: tracks.edge,
  AlbumTrackConnection: tracks.connection,
  AlbumTrackEdge: tracks.edge,
  GenreArtistConnection: artists.connection,
  GenreArtistEdge: artists.edge,
  GenreTrackConnection: tracks.connection,
  GenreTrackEdge: tracks.edge,
} satisfies Resolvers;
