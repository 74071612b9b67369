import { readConfig } from '@medley/config';
import { type Database, migrate, type OwnerOfRows, openPostgres } from '@medley/database';
import { z } from 'zod';
import { standaloneConfig } from '../config.ts';
import { findHolder, holdDataFolder } from '../data-folder.ts';
import { openRows } from '../rows.ts';
import { createTerminalScreen } from '../screen.ts';

/**
 * npm run db:migrate: applies the migrations that are missing. `DATABASE_URL_CATALOG` and `DATABASE_URL_USERS` name
 * the databases; without them it is the one in DATA_DIR.
 */
const { DATABASE_URL_CATALOG, DATABASE_URL_USERS, DATA_DIR } = readConfig(
  {
    DATABASE_URL_CATALOG: z.string().optional(),
    DATABASE_URL_USERS: z.string().optional(),
    DATA_DIR: standaloneConfig.DATA_DIR,
  },
  process.env,
);
try {
  if (DATABASE_URL_CATALOG) await migrateServer('catalog', DATABASE_URL_CATALOG);
  if (DATABASE_URL_USERS) await migrateServer('users', DATABASE_URL_USERS);
  if (!DATABASE_URL_CATALOG && !DATABASE_URL_USERS) await migrateDataFolder();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function migrateServer(owner: OwnerOfRows, url: string): Promise<void> {
  const database: Database = openPostgres({ url, poolSize: 2, statementTimeoutMs: 0 });
  try {
    const applied = await migrate(database, owner);
    console.log(`${owner}: ${applied.length === 0 ? 'nothing to apply' : `applied ${applied.join(', ')}`}`);
  } finally {
    await database.close();
  }
}

async function migrateDataFolder(): Promise<void> {
  const holder = await findHolder(DATA_DIR);
  if (holder) {
    console.log(`Process ${holder.pid} runs on ${DATA_DIR}; it applied all migrations when it started.`);
    return;
  }
  const folder = await holdDataFolder(DATA_DIR);
  try {
    const rows = await openRows(folder.path, createTerminalScreen(process.stdout));
    await rows.close();
  } finally {
    await folder.release();
  }
}
