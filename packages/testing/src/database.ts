import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Database,
  migrate,
  type OwnerOfRows,
  openEmbedded,
  openPglite,
  openPostgres,
  ownersOfRows,
} from '@medley/database';
import { Client } from 'pg';

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
  const pglite = await openPglite(null, new Blob([new Uint8Array(await readImage())]));
  return { ...openEmbedded(pglite), close: () => pglite.close() };
}

/** A migrated data folder as a tarball: opening it takes a fifth of the time that making it takes. */
async function readImage(): Promise<Buffer> {
  const file = join(
    repository,
    'node_modules',
    '.cache',
    'medley',
    `test-database-${await hashOfMigrations()}.tgz`,
  );
  try {
    return await readFile(file);
  } catch {
    const pglite = await openPglite(null);
    for (const owner of ownersOfRows) await migrate(openEmbedded(pglite), owner);
    const image = Buffer.from(await (await pglite.dumpDataDir('gzip')).arrayBuffer());
    await pglite.close();
    await mkdir(dirname(file), { recursive: true });
    // Renamed into place whole: test files run in several processes at once.
    const aside = `${file}.${randomUUID()}`;
    await writeFile(aside, image);
    await rename(aside, file);
    return image;
  }
}

async function hashOfMigrations(): Promise<string> {
  const hash = createHash('sha256');
  for (const owner of ownersOfRows) {
    const folder = join(repository, 'prisma', owner, 'migrations');
    const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.sql')).sort();
    for (const file of files) hash.update(file).update(await readFile(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function openOnServer(serverUrl: string, owner: OwnerOfRows): Promise<Database> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await runOnServer(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const database = openPostgres({ url: url.href, poolSize: 8 });
  await migrate(database, owner);
  return { ...database, close: () => runOnServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function runOnServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
