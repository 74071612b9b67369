import {
  type Connection,
  type ConnectionArguments,
  readPageArguments,
  toConnection,
} from '@medley/connection';
import type { Context } from '../context.ts';
import { type ListeningRange, type Played, rankPlayed } from '../domain/most-played.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { fromStores } from './from-stores.ts';
import { toReference } from './reference.ts';

/** What the viewer played most in a range. */
export interface TopOf {
  readonly range: ListeningRange;
  readonly from: Date | null;
}
export type TopConnection = Pick<Connection<Played>, 'edges' | 'pageInfo'>;
export type TopEdge = TopConnection['edges'][number];

function toPage(
  ranked: readonly Played[],
  given: ConnectionArguments,
  { cursors, viewerId }: Context,
  { field, range }: { field: string; range: ListeningRange },
): TopConnection {
  const binding = { cursors, field, arguments: { range, viewerId } };
  const page = readPageArguments(given, binding);
  const [plays, id] = page.after ?? [];
  const stands = (row: Played) =>
    row.plays < Number(plays) || (row.plays === Number(plays) && row.id > String(id));
  const rows = (page.after ? ranked.filter(stands) : ranked).slice(0, page.limit + 1);
  const slice = { rows, hasRowsAtAfter: page.after !== null, hasRowsAtBefore: false };
  return toConnection(slice, page, binding, {
    key: (row) => [row.plays, row.id],
    node: (row) => row,
  });
}

const playsOf = ({ node }: TopEdge) => node.plays;

export const topTypes = {
  ViewerTop: {
    async tracks({ range }, given, context) {
      const counts = await fromStores(context.loaders.playsByTrack.load(range));
      return toPage(rankPlayed(counts), given, context, { field: 'ViewerTop.tracks', range });
    },
    async artists({ range }, given, context) {
      const counts = await fromStores(context.loaders.playsByTrack.load(range));
      const credited = await fromStores(context.useCases.creditArtists(counts));
      return toPage(rankPlayed(credited), given, context, { field: 'ViewerTop.artists', range });
    },
  },
  TopTrackEdge: { node: ({ node }) => toReference('track', node.id), plays: playsOf },
  TopArtistEdge: { node: ({ node }) => toReference('artist', node.id), plays: playsOf },
} satisfies Resolvers;
