import { resolve } from 'node:path';
import { openRepositories } from '@medley/catalog/adapters/prisma-repositories';
import {
  ImportArgumentsError,
  importUsage,
  parseImportArguments,
} from '@medley/catalog/import/import-arguments';
import { readConfig } from '@medley/config';
import { openPostgres } from '@medley/database';
import { z } from 'zod';
import { standaloneConfig } from '../config.ts';
import { catalogImport } from '../control/catalog-import.ts';
import { InterruptedError, runCommandLine, untilInterrupted } from '../control/command-line.ts';
import { openRows } from '../rows.ts';
import { createTerminalScreen } from '../screen.ts';

/** npm run catalog:import. Exit status: 0 all is in, 1 rows were rejected or it failed, 2 wrong arguments. */
const { DATABASE_URL_CATALOG, DATA_DIR } = readConfig(
  { DATABASE_URL_CATALOG: z.string().optional(), DATA_DIR: standaloneConfig.DATA_DIR },
  process.env,
);
try {
  const request = parseImportArguments(process.argv.slice(2));
  const args = { ...request, source: resolve(request.source) };
  const result = DATABASE_URL_CATALOG
    ? await importIntoPostgres(DATABASE_URL_CATALOG, args)
    : await importHere(args);
  const { rejected, interrupted } = z
    .object({ rejected: z.number(), interrupted: z.boolean() })
    .parse(result);
  process.exitCode = interrupted ? 130 : rejected > 0 ? 1 : 0;
} catch (error) {
  console.error((error as Error).message);
  if (error instanceof ImportArgumentsError) console.error(`\n${importUsage}`);
  process.exitCode = error instanceof ImportArgumentsError ? 2 : error instanceof InterruptedError ? 130 : 1;
}

async function importIntoPostgres(url: string, args: unknown): Promise<unknown> {
  const database = openPostgres({ url, poolSize: 2, statementTimeoutMs: 120_000 });
  const { writer, close } = openRepositories(database);
  try {
    const run = { screen: createTerminalScreen(process.stderr), signal: untilInterrupted() };
    return await catalogImport({ catalogWriter: writer }, args, run);
  } finally {
    await close();
    await database.close();
  }
}

function importHere(args: unknown): Promise<unknown> {
  return runCommandLine(DATA_DIR, 'catalog-import', args, async (folder, run) => {
    const rows = await openRows(folder.path, run.screen);
    try {
      return await catalogImport({ catalogWriter: rows.catalog.writer }, args, run);
    } finally {
      await rows.close();
    }
  });
}
