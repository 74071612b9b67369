import { encodeId } from '@medley/ids';
import { referenceUuid } from '@medley/subgraph';
import type { Context } from '../context.ts';
import type { Account } from '../domain/account.ts';
import type { UserResolvers } from '../generated/graphql.ts';

export const User: UserResolvers = {
  // Asynchronous, because a reference that throws at once would cost all entities of the request.
  async __resolveReference({ id }, context) {
    const uuid = referenceUuid('user', id);
    return uuid === null ? null : findProfile(uuid, context);
  },
  id: ({ id }) => encodeId('user', id),
};

/** The account with this UUID; null when it is unknown or closed. */
export async function findProfile(uuid: string, { loaders }: Context): Promise<Account | null> {
  const account = await loaders.account.load(uuid);
  return account?.status === 'CLOSED' ? null : account;
}
