import { encodeId } from '@medley/ids';
import { idArgument } from '@medley/subgraph';
import type { Context } from '../context.ts';
import type { Account } from '../domain/account.ts';
import type { UserResolvers } from '../generated/graphql.ts';

export const User: UserResolvers = {
  __resolveReference: ({ id }, context) => findProfile(id, context),
  id: ({ id }) => encodeId('user', id),
};

/** The account with this public id; null when it is unknown or closed. */
export async function findProfile(id: string, { loaders }: Context): Promise<Account | null> {
  const account = await loaders.account.load(idArgument('id', id, 'user'));
  return account?.status === 'CLOSED' ? null : account;
}
