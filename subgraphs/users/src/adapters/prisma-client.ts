import type { Database, TransactionOf } from '@medley/database';
import { PrismaClient } from '../generated/prisma/client.ts';

export { inTransaction } from '@medley/database';
export type { PrismaClient };
export type Transaction = TransactionOf<PrismaClient>;

/** The rows of users. Errors name no values: they may be secret. */
export const openPrismaClient = (database: Database): PrismaClient =>
  new PrismaClient({ adapter: database.adapter, errorFormat: 'minimal' });
