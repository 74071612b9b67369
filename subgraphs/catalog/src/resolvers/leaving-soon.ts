import { type Connection, readPageArguments, toConnection } from '@medley/connection';
import { badUserInput } from '@medley/errors';
import type { Context } from '../context.ts';
import type {
  LeavingTrackConnectionResolvers,
  LeavingTrackEdgeResolvers,
  QueryLeavingSoonArgs,
} from '../generated/graphql.ts';

/** A page of what leaves: the tracks are loaded where they are selected. */
export type LeavingConnection = Connection<Leaving>;
export type LeavingEdge = LeavingConnection['edges'][number];

interface Leaving {
  /** A UUID. */
  readonly trackId: string;
  readonly leavesAt: Date;
}

/** Where neither the caller nor the address says which market, nothing is licensed, so nothing leaves. */
export async function readLeavingSoon(
  _: unknown,
  given: QueryLeavingSoonArgs & { readonly withinDays: number },
  { loaders, cursors, request, now }: Context,
): Promise<LeavingConnection> {
  const { withinDays } = given;
  if (withinDays < 1 || withinDays > 90) throw badUserInput(`withinDays must be 1..90, got ${withinDays}`);
  const market = given.market ?? request.market;
  const binding = { cursors, field: 'Query.leavingSoon', arguments: { market, withinDays } };
  const page = readPageArguments(given, binding);
  const slice =
    market === null
      ? { rows: [], hasRowsAtAfter: false, hasRowsAtBefore: false }
      : await loaders.pages.load({
          query: {
            list: 'leavingSoon',
            page,
            audience: { market: null, explicit: request.explicit },
            leaving: { market, now: now(), withinDays },
          },
          parentId: null,
        });
  return toConnection(slice, page, binding, {
    key: (row) => row,
    node: ([leavesAt, trackId]) => ({ trackId: String(trackId), leavesAt: new Date(String(leavesAt)) }),
  });
}

export const LeavingTrackConnection: LeavingTrackConnectionResolvers = {};

export const LeavingTrackEdge: LeavingTrackEdgeResolvers = {
  node: ({ node }, _, { loaders }) => loaders.tracks.load(node.trackId),
  leavesAt: ({ node }) => node.leavesAt,
};
