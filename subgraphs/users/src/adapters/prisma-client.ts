import type { Database } from '@medley/database';
import { PrismaClient } from '../generated/prisma/client.ts';

export type { PrismaClient };
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

/** The rows of users. Errors name no values: they may be secret. */
export const openPrismaClient = (database: Database): PrismaClient =>
  new PrismaClient({ adapter: database.adapter, errorFormat: 'minimal' });
