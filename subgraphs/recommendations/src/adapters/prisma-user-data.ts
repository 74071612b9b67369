import type { Database } from '@medley/database';
import type { UserData } from '../domain/user-data.ts';
import { openPrismaClient } from './prisma-client.ts';
import { createPrismaLibraryEntries } from './prisma-library-entries.ts';
import { createPrismaMixes } from './prisma-mixes.ts';
import { createPrismaPlayHistory } from './prisma-play-history.ts';
import { createPrismaTasteProfiles } from './prisma-taste-profiles.ts';
import { createPrismaUserVersions } from './prisma-user-versions.ts';
import { tellUnavailable } from './tell-unavailable.ts';
import type { Now } from './user-data-clock.ts';

/** User data in PostgreSQL or PGlite: for what one machine can hold. */
export function openPrismaUserData(database: Database, now: Now = () => new Date()): UserData {
  const client = openPrismaClient(database);
  return {
    history: tellUnavailable(createPrismaPlayHistory(client, now)),
    profiles: tellUnavailable(createPrismaTasteProfiles(client)),
    library: tellUnavailable(createPrismaLibraryEntries(client)),
    mixes: tellUnavailable(createPrismaMixes(client, now)),
    versions: tellUnavailable(createPrismaUserVersions(client)),
    ping: async () => void (await client.$queryRaw`SELECT 1`),
    close: () => client.$disconnect(),
  };
}
