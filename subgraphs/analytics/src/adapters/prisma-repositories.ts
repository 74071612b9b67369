import type { Database } from '@medley/database';
import { openPrismaClient } from './prisma-client.ts';

/** All that analytics keeps. */
export interface Repositories {
  /** @throws when the database does not answer */
  ping(): Promise<void>;
  /** The database itself stays open. */
  close(): Promise<void>;
}

export function openRepositories(database: Database): Repositories {
  const client = openPrismaClient(database);
  return {
    ping: async () => void (await client.$queryRaw`SELECT 1`),
    close: () => client.$disconnect(),
  };
}
