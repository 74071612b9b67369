import { badUserInput } from '@medley/errors';
import { idArgument, requireService } from '@medley/subgraph';
import type { QueryResolvers } from '../generated/graphql.ts';
import { findProfile } from './user.ts';

export const Query: QueryResolvers = {
  me: (_, _args, { request, requireViewer }) => (request.actor.kind === 'viewer' ? requireViewer() : null),

  user: (_, { id }, context) => findProfile(idArgument('id', id, 'user'), context),

  async accountPlaybackFacts(_, { ids }, { request, findPlaybackFacts }) {
    requireService(request);
    if (ids.length > maxIds) throw badUserInput(`ids must be at most ${maxIds}, got ${ids.length}`);
    const uuids = ids.map((id) => idArgument('ids', id, 'user'));
    const facts = new Map((await findPlaybackFacts(uuids)).map((row) => [row.id, row]));
    return uuids.map((uuid, index) => {
      const row = facts.get(uuid);
      if (!row) return null;
      const { tier, country, allowsExplicit, status, version } = row;
      return {
        id: ids[index] as string,
        tier,
        country,
        allowsExplicit,
        active: status === 'ACTIVE',
        version,
      };
    });
  },

  async accountChangesSince(_, { position, first }, { request, findChangedAccounts }) {
    requireService(request);
    if (first < 1 || first > maxChanges) throw badUserInput(`first must be 1..${maxChanges}, got ${first}`);
    const { accountIds, ...changed } = await findChangedAccounts(positionArgument(position), first);
    return { ...changed, accountIds: [...accountIds] };
  },
};

const maxIds = 1_000;
const maxChanges = 1_000;

/** A position is opaque here, but what has not its form would be refused as a bug. Null for none. */
function positionArgument(position: string | null | undefined): string | null {
  if (position === null || position === undefined) return null;
  if (!/^(\d{1,18}-)?\d{1,18}$/.test(position))
    throw badUserInput(
      `position must be one that was given before, got ${JSON.stringify(position.slice(0, 60))}`,
    );
  return position;
}
