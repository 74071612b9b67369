import { resolve } from 'node:path';
import { readConfig } from '@medley/config';
import { openPostgres } from '@medley/database';
import { openRepositories } from '@medley/playlists/adapters/prisma-repositories';
import {
  ImportArgumentsError,
  importUsage,
  parseImportArguments,
} from '@medley/playlists/import/import-arguments';
import { personaUserId } from '@medley/users';
import { z } from 'zod';
import { standaloneConfig } from '../config.ts';
import { InterruptedError, runCommandLine, untilInterrupted } from '../control/command-line.ts';
import { playlistsImport } from '../control/playlists-import.ts';
import { openRows } from '../rows.ts';
import { createTerminalScreen } from '../screen.ts';

/** npm run playlists:import. Exit status: 0 all is in, 1 rows were rejected or it failed, 2 wrong arguments. */
const { DATABASE_URL_PLAYLISTS, REPLICA_ID, DATA_DIR } = readConfig(
  {
    DATABASE_URL_PLAYLISTS: z.string().optional(),
    /** As the process of playlists on that database has it. */
    REPLICA_ID: z
      .string()
      .regex(/^[a-z0-9]{1,16}$/)
      .optional(),
    DATA_DIR: standaloneConfig.DATA_DIR,
  },
  process.env,
);
try {
  // On one machine the editor's persona is the house; a real one has an account of its own.
  const defaults = DATABASE_URL_PLAYLISTS ? {} : { owner: personaUserId('editor') };
  const request = parseImportArguments(process.argv.slice(2), defaults);
  const args = { ...request, source: resolve(request.source) };
  const result = DATABASE_URL_PLAYLISTS
    ? await importIntoPostgres(DATABASE_URL_PLAYLISTS, args)
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
  const { writer, close } = openRepositories(database, { replica: REPLICA_ID });
  try {
    const run = { screen: createTerminalScreen(process.stderr), signal: untilInterrupted() };
    return await playlistsImport({ playlistWriter: writer }, args, run);
  } finally {
    await close();
    await database.close();
  }
}

function importHere(args: unknown): Promise<unknown> {
  return runCommandLine(DATA_DIR, 'playlists-import', args, async (folder, run) => {
    const rows = await openRows(folder.path, run.screen);
    try {
      return await playlistsImport({ playlistWriter: rows.playlists.writer }, args, run);
    } finally {
      await rows.close();
    }
  });
}
