import type { Database } from '@medley/database';
import { PrismaClient } from '../generated/prisma/client.ts';

export type { PrismaClient };
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

/** Does work in one transaction, all of it or nothing: it waits up to 10 s for a connection and runs for 15 s at most. */
export const inTransaction = <Result>(
  client: PrismaClient,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> => client.$transaction(work, { maxWait: 10_000, timeout: 15_000 });

/** The rows of recommendations. */
export const openPrismaClient = (database: Database): PrismaClient =>
  new PrismaClient({ adapter: database.adapter, errorFormat: 'minimal' });
