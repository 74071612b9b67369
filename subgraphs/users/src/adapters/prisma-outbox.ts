import { encodeId } from '@medley/ids';
import type { Account, AccountChange } from '../domain/account.ts';
import type { PrismaClient, Transaction } from './prisma-client.ts';

/**
 * Makes ids of the outbox come in the order of commits: who writes to it holds this lock until its own.
 * To be taken before the rows that change.
 */
export async function lockOutbox(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('users.outbox'))`;
}

/** Tells others what the account has become, in the transaction that changed it. */
export async function appendChange(tx: Transaction, account: Account): Promise<void> {
  const id = encodeId('user', account.id);
  const { country, tier, status, version } = account;
  await tx.outbox.create({
    data: { key: id, type: 'UserChanged', version, data: { id, country, tier, status } },
  });
}

export async function readChanges(
  client: PrismaClient,
  after: bigint,
  limit: number,
): Promise<AccountChange[]> {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
    throw new RangeError(`limit must be 1..1000, got ${limit}`);
  const rows = await client.outbox.findMany({
    where: { id: { gt: after } },
    orderBy: { id: 'asc' },
    take: limit,
    select: { id: true, version: true, data: true },
  });
  return rows.map(({ id, version, data }) => ({ id, version, data: data as AccountChange['data'] }));
}
