import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { splitStatements } from './split-statements.ts';

/** One numbered file: `0001_plays.cql`. */
export interface Migration {
  /** With the owner: `recommendations/0001_plays`. */
  readonly name: string;
  readonly cql: string;
}

/**
 * The migrations of a subgraph, in their order.
 * @throws when a file is not called `<4 digits>_<name>.cql`, or one of its statements could not be repeated
 */
export async function readMigrations(owner: string): Promise<readonly Migration[]> {
  const folder = folderOf(owner);
  const files = (await readdir(folder)).sort();
  return Promise.all(
    files.map(async (file) => {
      if (!/^\d{4}_[a-z0-9_]+\.cql$/.test(file)) {
        throw new Error(`a migration is called like 0001_plays.cql, got ${file}`);
      }
      const cql = await readFile(join(folder, file), 'utf8');
      // Cassandra has no transactions for these: one that was killed half-way is applied again, from its beginning.
      const wrong = splitStatements(cql).find((statement) => !/\bIF (NOT )?EXISTS\b/i.test(statement));
      if (wrong !== undefined) throw new Error(`${file}: needs IF NOT EXISTS or IF EXISTS: ${wrong}`);
      return { name: `${owner}/${file.slice(0, -'.cql'.length)}`, cql };
    }),
  );
}

/** Above this file, whether it runs from source or from a bundle in some `dist/`. */
function folderOf(owner: string): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    const candidate = join(folder, 'subgraphs', owner, 'cassandra');
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder)
      throw new Error(`no folder subgraphs/${owner}/cassandra above this program`);
  }
}
