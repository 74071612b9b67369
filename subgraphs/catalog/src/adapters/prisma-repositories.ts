import type { Database, TryHold } from '@medley/database';
import type { StateSource } from '@medley/outbox';
import type { CatalogRepository } from '../domain/catalog-repository.ts';
import type { CatalogWriter } from '../domain/catalog-writer.ts';
import type { ChangeLog } from '../domain/change-log.ts';
import type { EntityFeed } from '../domain/entity-feed.ts';
import type { LicenceFeed } from '../domain/licence-feed.ts';
import type { LicenceSchedule } from '../domain/licence-schedule.ts';
import type { PopularityWriter } from '../domain/popularity-writer.ts';
import { PrismaClient } from '../generated/prisma/client.ts';
import { createPrismaCatalogRepository } from './prisma-catalog-repository.ts';
import { createPrismaCatalogWriter } from './prisma-catalog-writer.ts';
import { createPrismaEntityFeed } from './prisma-entity-feed.ts';
import { createPrismaLicenceFeed } from './prisma-licence-feed.ts';
import { createPrismaLicenceSchedule } from './prisma-licence-schedule.ts';
import { createPrismaChangeLog } from './prisma-outbox.ts';
import { createPrismaPopularityWriter } from './prisma-popularity-writer.ts';
import { createPrismaRelaySource } from './prisma-relay-source.ts';

/** All that the catalog keeps. */
export interface Repositories {
  readonly catalog: CatalogRepository;
  readonly changes: ChangeLog;
  readonly entities: EntityFeed;
  readonly writer: CatalogWriter;
  readonly licences: LicenceFeed;
  readonly schedule: LicenceSchedule;
  readonly popularity: PopularityWriter;
  /** What the relay puts into catalog.changed. */
  readonly relayed: { readonly catalog: StateSource; readonly tryHold: TryHold };
  /** The database itself stays open. */
  close(): Promise<void>;
}

export function openRepositories(database: Database): Repositories {
  const client = new PrismaClient({ adapter: database.adapter });
  return {
    catalog: createPrismaCatalogRepository(client),
    changes: createPrismaChangeLog(client),
    entities: createPrismaEntityFeed(client),
    writer: createPrismaCatalogWriter(client),
    licences: createPrismaLicenceFeed(client),
    schedule: createPrismaLicenceSchedule(client),
    popularity: createPrismaPopularityWriter(client),
    relayed: { catalog: createPrismaRelaySource(client), tryHold: database.tryHold },
    close: () => client.$disconnect(),
  };
}
