import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from './database.ts';
import { openSchemaEngine } from './schema-engine.ts';

/** The subgraphs that own rows. Each has a folder in `prisma/` and a Postgres schema of its name. */
export const ownersOfRows = ['analytics', 'catalog', 'playlists', 'recommendations', 'users'] as const;
export type OwnerOfRows = (typeof ownersOfRows)[number];

const noFilter = { externalTables: [], externalEnums: [] };

/**
 * Applies the migrations of a subgraph that the database does not have yet, and records them in `_prisma_migrations`
 * as `prisma migrate deploy` does: either may go on where the other left off.
 * @returns the names of those that were applied
 */
export async function migrate(database: Database, owner: OwnerOfRows): Promise<readonly string[]> {
  const engine = await openSchemaEngine(database, await readDatamodel(owner));
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: await readMigrations(owner),
      filters: noFilter,
    });
    return appliedMigrationNames;
  } finally {
    engine.free();
  }
}

/**
 * Writes a migration from what the migrations make to what the schema wants.
 * @param scratch an empty database, in which the migrations are tried
 * @param name such as `add_labels`; a timestamp and the subgraph are put in front
 * @returns the name of the migration, or null when there is nothing to do
 */
export async function createMigration(
  scratch: Database,
  owner: OwnerOfRows,
  name: string,
): Promise<string | null> {
  await migrate(scratch, owner);
  const datamodel = await readDatamodel(owner);
  const stdout = await diff(scratch, owner, datamodel);
  if (!stdout || stdout.includes('This is an empty migration')) return null;
  const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const folder = `${stamp}_${owner}_${name}`;
  await mkdir(join(migrationFolderOf(owner), folder), { recursive: true });
  await writeFile(join(migrationFolderOf(owner), folder, 'migration.sql'), stdout);
  return folder;
}

/** The script from what the migrations make to the data model. */
async function diff(scratch: Database, owner: OwnerOfRows, datamodel: string) {
  const engine = await openSchemaEngine(scratch, datamodel);
  try {
    const { stdout } = await engine.diff({
      from: { tag: 'migrations', ...(await readMigrations(owner)) },
      to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: datamodel }] },
      script: true,
      exitCode: false,
      filters: noFilter,
    });
    return stdout;
  } finally {
    engine.free();
  }
}

export const migrationFolderOf = (owner: OwnerOfRows) => join(folderOf(owner), 'migrations');

async function readMigrations(owner: OwnerOfRows) {
  const baseDir = migrationFolderOf(owner);
  const entries = await readdir(baseDir, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir,
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(join(baseDir, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      folders.sort().map(async (path) => ({
        path,
        migrationFile: {
          path: 'migration.sql',
          content: {
            tag: 'ok' as const,
            value: await readFile(join(baseDir, path, 'migration.sql'), 'utf8'),
          },
        },
      })),
    ),
  };
}

const readDatamodel = (owner: OwnerOfRows) => readFile(join(folderOf(owner), 'schema.prisma'), 'utf8');

const folderOf = (owner: OwnerOfRows) => join(prismaFolder(), owner);

/** Where `prisma/` is: above this file, whether it runs from source or from a bundle in some `dist/`. */
function prismaFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'prisma');
    if (existsSync(join(candidate, 'catalog', 'schema.prisma'))) return candidate;
    if (dirname(folder) === folder)
      throw new Error('no folder prisma/ with catalog/schema.prisma above this program');
  }
}
