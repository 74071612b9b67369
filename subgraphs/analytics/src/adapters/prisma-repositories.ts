import type { Database } from '@medley/database';
import type { Generations } from '../domain/generations.ts';
import { createGenerations } from './generations.ts';
import { createPlayLedger } from './play-ledger.ts';
import { openPrismaClient } from './prisma-client.ts';

/** All that analytics keeps. */
export interface Repositories {
  readonly generations: Generations;
  /** Where what the topics tell is counted. */
  readonly ledgers: { readonly plays: ReturnType<typeof createPlayLedger> };
  /** @throws when the database does not answer */
  ping(): Promise<void>;
  /** The database itself stays open. */
  close(): Promise<void>;
}

export function openRepositories(database: Database): Repositories {
  const client = openPrismaClient(database);
  return {
    generations: createGenerations(client),
    ledgers: { plays: createPlayLedger(client) },
    ping: async () => void (await client.$queryRaw`SELECT 1`),
    close: () => client.$disconnect(),
  };
}
