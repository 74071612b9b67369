import { randomUUID } from 'node:crypto';
import {
  type Database,
  hashMigrations,
  migrate,
  type OwnerOfRows,
  openEmbedded,
  openPglite,
  openPostgres,
  ownersOfRows,
} from '@medley/database';
import { Client } from 'pg';
import { readTestImage } from './test-image.ts';

/** Which server `openTestDatabase` uses, for the names of suites. */
export const testDatabaseKind = process.env.TEST_POSTGRES_URL ? 'PostgreSQL' : 'PGlite';

/**
 * A fresh database with all migrations of a subgraph: a PGlite in memory, or, where `TEST_POSTGRES_URL` names a server,
 * a database of its own there, which closing drops.
 */
export function openTestDatabase(owner: OwnerOfRows): Promise<Database> {
  const url = process.env.TEST_POSTGRES_URL;
  return url ? openOnServer(url, owner) : openInMemory();
}

async function openInMemory(): Promise<Database> {
  migrated ??= readMigrated();
  const pglite = await openPglite(null, await migrated);
  return { ...openEmbedded(pglite), close: () => pglite.close() };
}

let migrated: Promise<Blob> | undefined;
const readMigrated = async () =>
  readTestImage(`test ${await hashMigrations()}`, async (pglite) => {
    for (const owner of ownersOfRows) await migrate(openEmbedded(pglite), owner);
  });

async function openOnServer(serverUrl: string, owner: OwnerOfRows): Promise<Database> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await runOnServer(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const database = openPostgres({ url: url.href, poolSize: 8 });
  const close = async () => {
    await database.close();
    await runOnServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  };
  try {
    await migrate(database, owner);
  } catch (error) {
    await close();
    throw error;
  }
  return { ...database, close };
}

async function runOnServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
