import {
  type Connection,
  type ConnectionArguments,
  readPageArguments,
  type SortKey,
  toConnection,
} from '@medley/connection';
import { encodeId, type IdKind } from '@medley/ids';
import type { Context } from '../context.ts';
import type { LibraryEntry, LibraryList } from '../domain/library.ts';
import type { Resolvers } from '../generated/graphql.ts';

/** A page of a library. What its entries stand for is loaded where it is selected. */
export type EntryConnection = Connection<LibraryEntry>;
export type EntryEdge = EntryConnection['edges'][number];

/**
 * Reads a page of a list of an account.
 * @param field cursors are bound to it and to the account: `Library.tracks`
 * @throws MedleyError BAD_USER_INPUT for paging arguments that are not good
 */
export async function readEntries(
  { loaders, cursors }: Context,
  given: ConnectionArguments,
  { field, list, userId }: { field: string; list: LibraryList; userId: string },
): Promise<EntryConnection> {
  const binding = { cursors, field, arguments: { userId } };
  const page = readPageArguments(given, binding);
  const slice = await loaders.libraryPage.load({
    list,
    userId,
    page: { ...page, after: page.after && toEntry(page.after), before: page.before && toEntry(page.before) },
  });
  return toConnection(slice, page, binding, { key: toSortKey, node: (entry) => entry });
}

const toSortKey = ({ at, id }: LibraryEntry): SortKey => [at.toISOString(), id];
const toEntry = ([at, id]: SortKey): LibraryEntry => ({ at: new Date(String(at)), id: String(id) });

/** Entries that stand for what another subgraph has: its id is all that there is to tell. */
const references = (kind: IdKind) => {
  const toReference = ({ id }: LibraryEntry) => ({ id: encodeId(kind, id) });
  return {
    connection: { nodes: ({ nodes }: EntryConnection) => nodes.map(toReference) },
    edge: { node: ({ node }: EntryEdge) => toReference(node) },
  };
};
const tracks = references('track');
const albums = references('album');
const artists = references('artist');
const playlists = {
  connection: {
    nodes: ({ nodes }: EntryConnection, _: unknown, { loaders }: Context) =>
      Promise.all(nodes.map(({ id }) => loaders.playlist.load(id))),
  },
  edge: {
    node: ({ node }: EntryEdge, _: unknown, { loaders }: Context) => loaders.playlist.load(node.id),
  },
};
const timeOf = ({ node }: EntryEdge) => node.at;

/** The connection and edge types of libraries and profiles. */
export const libraryConnections = {
  LibraryTrackConnection: tracks.connection,
  LibraryTrackEdge: { ...tracks.edge, savedAt: timeOf },
  LibraryAlbumConnection: albums.connection,
  LibraryAlbumEdge: { ...albums.edge, savedAt: timeOf },
  LibraryArtistConnection: artists.connection,
  LibraryArtistEdge: { ...artists.edge, followedAt: timeOf },
  LibraryPlaylistConnection: playlists.connection,
  LibraryPlaylistEdge: { ...playlists.edge, addedAt: timeOf },
  UserPlaylistConnection: playlists.connection,
  UserPlaylistEdge: playlists.edge,
} satisfies Resolvers;
