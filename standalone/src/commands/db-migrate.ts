import { cassandraConfig, migrate as migrateKeyspace, readCassandraConfig } from '@medley/cassandra';
import { readConfig } from '@medley/config';
import { type Database, migrate, type OwnerOfRows, openPostgres, ownersOfRows } from '@medley/database';
import { z } from 'zod';
import { standaloneConfig } from '../config.ts';
import { findHolder, holdDataFolder } from '../data-folder.ts';
import { openRows } from '../rows.ts';
import { createTerminalScreen } from '../screen.ts';

/**
 * npm run db:migrate: applies the migrations that are missing. `DATABASE_URL_CATALOG`, `…_PLAYLISTS` and so on name the databases, and
 * `CASSANDRA_CONTACT_POINTS` a cluster; without any of them it is the database in DATA_DIR.
 */
const config = readConfig(
  {
    DATABASE_URL_ANALYTICS: z.string().optional(),
    DATABASE_URL_CATALOG: z.string().optional(),
    DATABASE_URL_PLAYLISTS: z.string().optional(),
    DATABASE_URL_RECOMMENDATIONS: z.string().optional(),
    DATABASE_URL_USERS: z.string().optional(),
    ...cassandraConfig,
    DATA_DIR: standaloneConfig.DATA_DIR,
  },
  process.env,
);
const urls: Readonly<Record<OwnerOfRows, string | undefined>> = {
  analytics: config.DATABASE_URL_ANALYTICS,
  catalog: config.DATABASE_URL_CATALOG,
  playlists: config.DATABASE_URL_PLAYLISTS,
  recommendations: config.DATABASE_URL_RECOMMENDATIONS,
  users: config.DATABASE_URL_USERS,
};
try {
  for (const owner of ownersOfRows) {
    const url = urls[owner];
    if (url) await migrateServer(owner, url);
  }
  const hasCassandra = config.CASSANDRA_CONTACT_POINTS !== undefined;
  if (hasCassandra) {
    tell(
      'recommendations in Cassandra',
      await migrateKeyspace(readCassandraConfig(config), 'recommendations'),
    );
  }
  if (!hasCassandra && !Object.values(urls).some(Boolean)) await migrateDataFolder(config.DATA_DIR);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function migrateServer(owner: OwnerOfRows, url: string): Promise<void> {
  const database: Database = openPostgres({ url, poolSize: 2, statementTimeoutMs: 0 });
  try {
    tell(owner, await migrate(database, owner));
  } finally {
    await database.close();
  }
}

function tell(what: string, applied: readonly string[]): void {
  console.log(`${what}: ${applied.length === 0 ? 'nothing to apply' : `applied ${applied.join(', ')}`}`);
}

async function migrateDataFolder(dataDir: string): Promise<void> {
  const holder = await findHolder(dataDir);
  if (holder) {
    console.log(`Process ${holder.pid} runs on ${dataDir}; it applied all migrations when it started.`);
    return;
  }
  const folder = await holdDataFolder(dataDir);
  try {
    const rows = await openRows(folder.path, createTerminalScreen(process.stdout));
    await rows.close();
  } finally {
    await folder.release();
  }
}
