import { encodeId } from '@medley/ids';
import type { ViewerResolvers } from '../generated/graphql.ts';

export const Viewer: ViewerResolvers = {
  id: ({ account }) => encodeId('user', account.id),
  user: ({ account }) => account,
  email: ({ account }) => account.email,
  country: ({ account }) => account.country,
  tier: ({ account }) => account.tier,
  allowsExplicit: ({ account }) => account.allowsExplicit,
  async sessions({ account, sessionId }, _args, { loaders }) {
    const sessions = await loaders.aliveSessions.load(account.id);
    return sessions.map((session) => ({ session, isCurrent: session.id === sessionId }));
  },
};
