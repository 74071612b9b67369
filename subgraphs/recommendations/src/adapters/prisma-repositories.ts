import type { Database, TryHold } from '@medley/database';
import type { CatalogCopy } from '../domain/catalog-copy.ts';
import type { CatalogFacts } from '../domain/catalog-facts.ts';
import type { ModelWriter, ToldModelReader } from '../domain/models.ts';
import type { ScheduledWork } from '../domain/scheduled-work.ts';
import type { WaitingPlays } from '../domain/waiting-plays.ts';
import { createPrismaArchive } from './prisma-archive.ts';
import { createPrismaCatalogCopy } from './prisma-catalog-copy.ts';
import { createPrismaCatalogFacts } from './prisma-catalog-facts.ts';
import { openPrismaClient } from './prisma-client.ts';
import { createPrismaModelReader } from './prisma-models-reader.ts';
import { createPrismaModelWriter } from './prisma-models-writer.ts';
import { createPrismaScheduledWork } from './prisma-scheduled-work.ts';

/** What recommendations keep in PostgreSQL: what grows with the catalog. */
export interface Repositories {
  readonly catalogCopy: CatalogCopy;
  /** Asked of the database each time. */
  readonly facts: CatalogFacts;
  readonly models: ToldModelReader;
  readonly modelWriter: ModelWriter;
  readonly waitingPlays: WaitingPlays;
  readonly scheduledWork: ScheduledWork;
  readonly tryHold: TryHold;
  /** @throws when the database does not answer */
  ping(): Promise<void>;
  /** The database itself stays open. */
  close(): Promise<void>;
}

export function openRepositories(database: Database): Repositories {
  const client = openPrismaClient(database);
  return {
    catalogCopy: createPrismaCatalogCopy(client),
    facts: createPrismaCatalogFacts(client),
    models: createPrismaModelReader(client),
    modelWriter: createPrismaModelWriter(client),
    waitingPlays: createPrismaArchive(client),
    scheduledWork: createPrismaScheduledWork(client),
    tryHold: database.tryHold,
    ping: async () => void (await client.$queryRaw`SELECT 1`),
    close: () => client.$disconnect(),
  };
}
