import {
  type Connection,
  type ConnectionArguments,
  readPageArguments,
  type SortKey,
  toConnection,
} from '@medley/connection';
import type { Context } from '../context.ts';
import type { HistoryPlace, HistoryPlay } from '../domain/play-history.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { fromStores } from './from-stores.ts';
import { toMember, toReference } from './reference.ts';

/** A page of what an account played. */
export type HistoryConnection = Pick<Connection<HistoryPlay>, 'edges' | 'pageInfo'>;
export type HistoryEdge = HistoryConnection['edges'][number];

export async function readHistory(
  userId: string,
  given: ConnectionArguments,
  { useCases, cursors }: Context,
): Promise<HistoryConnection> {
  const binding = { cursors, field: 'Viewer.recentlyPlayed', arguments: { userId } };
  const page = readPageArguments(given, binding);
  const after = page.after && toPlace(page.after);
  const rows = await fromStores(useCases.historyPage({ userId, after, limit: page.limit + 1 }));
  const slice = { rows, hasRowsAtAfter: after !== null, hasRowsAtBefore: false };
  return toConnection(slice, page, binding, {
    key: ({ playedAt, eventId }) => [playedAt.toISOString(), eventId],
    node: (play) => play,
  });
}

const toPlace = ([playedAt, eventId]: SortKey): HistoryPlace => ({
  playedAt: new Date(String(playedAt)),
  eventId: String(eventId),
});

export const historyTypes = {
  RecentlyPlayedEdge: {
    node: ({ node }) => toReference('track', node.trackId),
    playedAt: ({ node }) => node.playedAt,
    msPlayed: ({ node }) => node.msPlayed,
    skipped: ({ node }) => node.skipped,
    counted: ({ node }) => node.counted,
    async playedFrom({ node }, _, { useCases, loaders }) {
      const from = useCases.readContext(node.context);
      switch (from?.kind) {
        case 'ALBUM':
          return (await fromStores(loaders.album.load(from.id))) && toMember({ kind: 'ALBUM', id: from.id });
        case 'ARTIST':
          return (
            (await fromStores(loaders.artist.load(from.id))) && toMember({ kind: 'ARTIST', id: from.id })
          );
        // Playlists knows whether it is there for this viewer.
        case 'PLAYLIST':
          return toMember({ kind: 'PLAYLIST', id: from.id });
        case 'MIX': {
          const mix = await fromStores(loaders.ownMix.load(from.id));
          return mix && { __typename: 'Mix', ...mix };
        }
        default:
          return null;
      }
    },
  },
} satisfies Resolvers;
