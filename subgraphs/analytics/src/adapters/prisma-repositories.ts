import type { Database, TryHold } from '@medley/database';
import type { CatalogTracks } from '../domain/catalog-tracks.ts';
import type { DayCountsRepository } from '../domain/day-counts.ts';
import type { Generations } from '../domain/generations.ts';
import type { LiveOutbox } from '../domain/live-outbox.ts';
import type { PopularityRepository } from '../domain/popularity.ts';
import type { Pruning } from '../domain/pruning.ts';
import type { Statistics } from '../domain/statistics.ts';
import type { WorkDone } from '../domain/work-done.ts';
import { createDecisionLedger } from './decision-ledger.ts';
import { createEdgeLedger } from './edge-ledger.ts';
import { createGenerations } from './generations.ts';
import { createPlayLedger } from './play-ledger.ts';
import { createPrismaCatalogTracks } from './prisma-catalog-tracks.ts';
import { openPrismaClient } from './prisma-client.ts';
import { createPrismaDayCountsRepository } from './prisma-day-counts-repository.ts';
import { createPrismaLiveOutbox } from './prisma-live-outbox.ts';
import { createPrismaPopularityRepository } from './prisma-popularity-repository.ts';
import { createPruning } from './prisma-pruning.ts';
import { createPrismaStatistics } from './prisma-statistics.ts';
import { createPrismaWorkDone } from './prisma-work-done.ts';
import { createQualityLedger } from './quality-ledger.ts';

/** All that analytics keeps. */
export interface Repositories {
  readonly generations: Generations;
  /** Where what the topics tell is counted. */
  readonly ledgers: {
    readonly plays: ReturnType<typeof createPlayLedger>;
    readonly quality: ReturnType<typeof createQualityLedger>;
    readonly decisions: ReturnType<typeof createDecisionLedger>;
    readonly edge: ReturnType<typeof createEdgeLedger>;
  };
  readonly pruning: Pruning;
  readonly catalogTracks: CatalogTracks;
  readonly liveOutbox: LiveOutbox;
  /** What was counted. */
  readonly statistics: Statistics;
  /** What the work of a day is done with. */
  readonly daily: {
    readonly done: WorkDone;
    readonly popularity: PopularityRepository;
    readonly counts: DayCountsRepository;
    readonly tryHold: TryHold;
  };
  /** @throws when the database does not answer */
  ping(): Promise<void>;
  /** The database itself stays open. */
  close(): Promise<void>;
}

export function openRepositories(database: Database): Repositories {
  const client = openPrismaClient(database);
  return {
    generations: createGenerations(client),
    ledgers: {
      plays: createPlayLedger(client),
      quality: createQualityLedger(client),
      decisions: createDecisionLedger(client),
      edge: createEdgeLedger(client),
    },
    pruning: createPruning(client),
    catalogTracks: createPrismaCatalogTracks(client),
    liveOutbox: createPrismaLiveOutbox(client),
    statistics: createPrismaStatistics(client),
    daily: {
      done: createPrismaWorkDone(client),
      popularity: createPrismaPopularityRepository(client),
      counts: createPrismaDayCountsRepository(client),
      tryHold: database.tryHold,
    },
    ping: async () => void (await client.$queryRaw`SELECT 1`),
    close: () => client.$disconnect(),
  };
}
