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
};

const maxIds = 1_000;
