import { encodeId } from '@medley/ids';
import type { SessionResolvers } from '../generated/graphql.ts';

export const Session: SessionResolvers = {
  id: ({ session: { id } }) => encodeId('session', id),
  device: ({ session: { device } }) => device,
  createdAt: ({ session: { createdAt } }) => createdAt,
  lastUsedAt: ({ session: { lastUsedAt } }) => lastUsedAt,
  current: ({ isCurrent }) => isCurrent,
};
