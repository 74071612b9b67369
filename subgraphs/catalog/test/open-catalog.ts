import { createCursors } from '@medley/connection';
import type { Database } from '@medley/database';
import { encodeId, type IdKind } from '@medley/ids';
import {
  createTestCaller,
  createTestVerifier,
  silentLogger,
  type TestCaller,
  testKeys,
} from '@medley/testing';
import { openTestDatabase } from '@medley/testing/database';
import { createPrismaCatalogRepository } from '../src/adapters/prisma-catalog-repository.ts';
import { createPrismaCatalogWriter } from '../src/adapters/prisma-catalog-writer.ts';
import { createPrismaEntityFeed } from '../src/adapters/prisma-entity-feed.ts';
import { createPrismaLicenceFeed } from '../src/adapters/prisma-licence-feed.ts';
import { createPrismaChangeLog } from '../src/adapters/prisma-outbox.ts';
import { createApp } from '../src/app.ts';
import { PrismaClient } from '../src/generated/prisma/client.ts';
import { createRows, type Rows, uuid } from './catalog-rows.ts';

export interface OpenCatalog {
  readonly database: Database;
  readonly prisma: PrismaClient;
  readonly rows: Rows;
  readonly subgraph: Awaited<ReturnType<typeof createApp>>;
  readonly ask: TestCaller['ask'];
  /** How often it was told that somebody changed the catalog by a mutation. */
  readonly written: () => number;
  close(): Promise<void>;
}

/** The catalog on a fresh database, on the first of June 2026. */
export async function openCatalog(): Promise<OpenCatalog> {
  const database = await openTestDatabase('catalog');
  const prisma = new PrismaClient({ adapter: database.adapter });
  let written = 0;
  const clock = () => Date.UTC(2026, 5, 1, 12);
  await prisma.licenceClock.updateMany({ data: { appliedUntil: new Date(clock()) } });
  const subgraph = await createApp({
    catalog: createPrismaCatalogRepository(prisma),
    changes: createPrismaChangeLog(prisma),
    entities: createPrismaEntityFeed(prisma),
    licences: createPrismaLicenceFeed(prisma),
    writer: createPrismaCatalogWriter(prisma, clock),
    images: { baseUrl: 'https://edge.example/' },
    cursors: createCursors(testKeys),
    identity: createTestVerifier('catalog'),
    logger: silentLogger,
    clock,
    onWritten: () => {
      written += 1;
    },
  });
  return {
    database,
    prisma,
    rows: createRows(prisma),
    subgraph,
    ask: createTestCaller(subgraph).ask,
    written: () => written,
    async close() {
      await subgraph.stop();
      await prisma.$disconnect();
      await database.close();
    },
  };
}

/** The public id of a row of a test. */
export const publicId = (kind: Extract<IdKind, 'artist' | 'album' | 'track' | 'genre'>, name: string) =>
  encodeId(kind, uuid(kind, name));
