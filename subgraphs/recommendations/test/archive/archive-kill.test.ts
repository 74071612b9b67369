import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { migrate, openEmbedded, openPglite } from '@medley/database';
import { publishEvents } from '@medley/event-log';
import { openEmbeddedEventLog } from '@medley/event-log/embedded';
import { playEvents, withItsLetters } from '@medley/events';
import { silentLogger } from '@medley/testing';
import { openTestDatabase } from '@medley/testing/database';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFolderArchive } from '../../src/adapters/folder-archive.ts';
import { openPrismaClient } from '../../src/adapters/prisma-client.ts';
import { readAll } from './archived.ts';
import { played, type TrackPlayed } from './told-plays.ts';

/** A hundred by hand. */
const kills = Number(process.env.ARCHIVE_KILLS ?? 3);
const playsOfLife = 600;
const patienceMs = 120_000 + kills * 20_000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-archive-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Plays of the last three days, in a log that no process has open. */
async function tell(plays: readonly TrackPlayed[]): Promise<void> {
  const log = await openEmbeddedEventLog({ folder: join(folder, 'log'), logger: silentLogger });
  await log.admin.ensureTopics(withItsLetters(playEvents));
  await publishEvents(log, playEvents, plays);
  await log.close();
}

function startProcess(databaseUrl: string): ChildProcess {
  const file = fileURLToPath(new URL('./archive-process.ts', import.meta.url));
  const options = ['--import', 'tsx', file, databaseUrl, join(folder, 'log'), join(folder, 'archive')];
  return spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** `kill -9` at a moment of its work, or when `isDone`. */
async function liveAndDie(databaseUrl: string, isDone?: () => Promise<boolean>): Promise<string> {
  const child = startProcess(databaseUrl);
  let last = '';
  let steps = 0;
  const fatal = 3 + Math.floor(Math.random() * 60);
  const dying = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      last = line;
      if (++steps === fatal && !isDone) setTimeout(resolve, Math.random() * 5);
    });
  });
  if (isDone) await expect.poll(isDone, { timeout: patienceMs, interval: 250 }).toBe(true);
  else await dying;
  child.kill('SIGKILL');
  await once(child, 'exit');
  return last;
}

/** Kills it again and again while it works, lets it end its work, and looks at what is in the archive. */
async function killOften(databaseUrl: string): Promise<void> {
  const all: TrackPlayed[] = [];
  const places: string[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const fresh = Array.from({ length: playsOfLife }, (_, index) =>
      played({ id: randomUUID(), at: new Date(Date.now() - 3_600_000 - (index % 3) * 86_400_000) }),
    );
    // Some are told again.
    await tell([...fresh, ...all.slice(-100)]);
    all.push(...fresh);
    places.push(await liveAndDie(databaseUrl));
  }
  const store = createFolderArchive(join(folder, 'archive'));
  const archived = async () => (await readAll(store)).map(({ eventId }) => eventId);
  await liveAndDie(databaseUrl, async () => (await archived()).length >= all.length);
  const ids = await archived();
  expect(ids.length).toBe(new Set(ids).size);
  expect(ids.sort()).toEqual(all.map(({ id }) => id).sort());
  // What was being written when it was killed is gone since the next start.
  expect((await readdir(join(folder, 'archive', '.partial'))).length).toBeLessThanOrEqual(1);
  console.info(`${kills} kills, after ${places.join(', ')}: ${ids.length} plays, each once`);
}

describe('the archive, killed in the middle of its work', () => {
  const url = process.env.TEST_POSTGRES_URL;
  if (!url)
    console.warn(
      'skipped: killing who archives through PostgreSQL, because TEST_POSTGRES_URL names no server',
    );

  it.skipIf(!url)(
    'has each play once, from the log through PostgreSQL',
    async () => {
      const database = await openTestDatabase('recommendations');
      try {
        const client = openPrismaClient(database);
        const [row] = await client.$queryRaw<{ name: string }[]>`SELECT current_database() AS name`;
        await client.$disconnect();
        const own = new URL(url as string);
        own.pathname = `/${row?.name}`;
        await killOften(own.href);
      } finally {
        await database.close();
      }
    },
    patienceMs,
  );

  it.skipIf(url)(
    'has each play once, from the log through PGlite',
    async () => {
      const data = join(folder, 'pglite');
      const pglite = await openPglite(data);
      await migrate(openEmbedded(pglite), 'recommendations');
      await pglite.close();
      await killOften(data);
    },
    patienceMs,
  );
});
