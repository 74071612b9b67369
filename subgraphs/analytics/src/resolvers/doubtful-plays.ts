import { readPageArguments, toConnection } from '@medley/connection';
import { badUserInput } from '@medley/errors';
import type { Context } from '../context.ts';
import type { DoubtfulPlayResolvers, QueryDoubtfulPlaysArgs } from '../generated/graphql.ts';
import { toReference } from './reference.ts';

export async function readDoubtfulPlays(
  given: QueryDoubtfulPlaysArgs,
  { statistics, cursors, now }: Context,
) {
  const { from, until = null, doubt = null, first, after } = given;
  if (typeof first !== 'number') throw badUserInput('first is required: 1..100');
  if (until !== null && until <= from)
    throw badUserInput(`until must be after from, ${from.toISOString()}, got ${until.toISOString()}`);
  const binding = { cursors, field: 'Query.doubtfulPlays', arguments: { from, until, doubt } };
  const page = readPageArguments({ first, after }, binding);
  const [playedAt, playId] = page.after ?? [];
  const rows = await statistics.findDoubtfulPlays({
    from,
    until: until ?? now(),
    doubt,
    after: page.after && { playedAt: new Date(String(playedAt)), playId: String(playId) },
    limit: page.limit + 1,
  });
  const slice = { rows, hasRowsAtAfter: page.after !== null, hasRowsAtBefore: false };
  const { edges, pageInfo } = toConnection(slice, page, binding, {
    key: (play) => [play.playedAt.toISOString(), play.playId],
    node: (play) => play,
  });
  return { edges: [...edges], pageInfo };
}

export const DoubtfulPlay: DoubtfulPlayResolvers = {
  market: ({ market }) => market || null,
  user: ({ userId }) => toReference('user', userId),
  track: ({ trackId }) => toReference('track', trackId),
};
