import { encodeId } from '@medley/ids';
import * as outbox from '@medley/outbox';
import type { Account, AccountChange, ChangedAccounts } from '../domain/account.ts';
import type { PrismaClient, Transaction } from './prisma-client.ts';

const table = 'users.outbox';

/** Makes changes of one account come in their order. To be called before the transaction writes anything. */
export const lockChangesOf = (tx: Transaction, accountId: string): Promise<void> =>
  outbox.lockChangesOf(tx, table, encodeId('user', accountId));

/** Tells others what the account has become, in the transaction that changed it. */
export async function appendChange(tx: Transaction, account: Account): Promise<void> {
  const key = encodeId('user', account.id);
  const { country, tier, status, version } = account;
  const data = { id: key, country, tier, status };
  await outbox.appendToOutbox(tx, table, [{ key, type: 'UserChanged', version, data }]);
}

export async function readChanges(
  client: PrismaClient,
  after: string,
  limit: number,
): Promise<AccountChange[]> {
  const feed = outbox.createOutboxFeed<outbox.Change<'UserChanged', AccountChange['data']>>(client, table);
  const rows = await feed.readSince(after, limit);
  return rows.map(({ position, version, data }) => ({ position, version, data }));
}

/** @param after null for where it stands now */
export async function findChangedAccounts(
  client: PrismaClient,
  after: string | null,
  limit: number,
): Promise<ChangedAccounts> {
  if (after !== null) {
    const { keys, ...changed } = await outbox.readChangedKeys(client, table, after, limit);
    return { ...changed, accountIds: keys };
  }
  const position = await outbox.createOutboxFeed(client, table).lastPosition();
  return { position, accountIds: [], hasMore: false, reset: false };
}
