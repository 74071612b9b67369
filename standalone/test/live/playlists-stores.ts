import { migrate, openPostgres } from '@medley/database';
import { serveEventLog } from '@medley/event-log/served';
import { allTopics } from '@medley/events';
import { silentLogger } from '@medley/testing';
import { openTestEventLog } from '@medley/testing/event-log';
import { scratchDatabases } from '@medley/testing/scratch-databases';

/** What processes of the playlists subgraph share: one database and one event log, which outlive each of them. */
export interface PlaylistsStores {
  readonly databaseUrl: string;
  readonly eventLogUrl: string;
  close(): Promise<void>;
}

/** A database of its own on the server that `TEST_POSTGRES_URL` names, and a log in a folder, which this process serves. */
export async function openPlaylistsStores(): Promise<PlaylistsStores> {
  const [database, { log, close: closeLog }] = await Promise.all([openDatabase(), openTestEventLog()]);
  await log.admin.ensureTopics(allTopics);
  const token = 'secret';
  const served = await serveEventLog(log, { host: '127.0.0.1', port: 0, token, logger: silentLogger });
  return {
    databaseUrl: database.url,
    eventLogUrl: served.url.replace('//', `//:${token}@`),
    async close() {
      await served.stop();
      await Promise.all([closeLog(), database.close()]);
    },
  };
}

async function openDatabase(): Promise<{ url: string; close(): Promise<void> }> {
  const open = new Map(scratchDatabases).get('PostgreSQL');
  const scratch = await open?.();
  if (!scratch?.url) throw new Error('TEST_POSTGRES_URL is not set');
  const database = openPostgres({ url: scratch.url });
  await migrate(database, 'playlists');
  await database.close();
  return { url: scratch.url, close: scratch.close };
}
