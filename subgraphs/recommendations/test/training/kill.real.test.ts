import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { migrate, openPostgres } from '@medley/database';
import { encodeId } from '@medley/ids';
import { findFreePort } from '@medley/testing';
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { createFolderArchive } from '../../src/adapters/folder-archive.ts';
import { createPrismaCatalogCopy } from '../../src/adapters/prisma-catalog-copy.ts';
import { openPrismaClient } from '../../src/adapters/prisma-client.ts';
import { createPrismaModelReader } from '../../src/adapters/prisma-models-reader.ts';
import { createTracks, playsOfCrowds } from './training-under-test.ts';
import { writeToArchive } from './write-to-archive.ts';

const serverUrl = process.env.TEST_POSTGRES_URL;
if (!serverUrl) console.info('Killing the trainer is left out: TEST_POSTGRES_URL is not set.');

const main = fileURLToPath(new URL('../../src/commands/train.ts', import.meta.url));
/** Each is there when a stage is over. */
const moments = ['neighbours.json', 'mix.json'];

it.skipIf(!serverUrl)(
  'a trainer that is killed again and again makes a model, and goes on where it was',
  async () => {
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    const onServer = async (statement: string) => {
      const client = new Client({ connectionString: serverUrl });
      await client.connect();
      await client.query(statement).finally(() => client.end());
    };
    await onServer(`CREATE DATABASE ${name}`);
    const url = Object.assign(new URL(serverUrl as string), { pathname: `/${name}` }).href;
    const database = openPostgres({ url });
    const client = openPrismaClient(database);
    const folder = await mkdtemp(join(tmpdir(), 'medley-kill-'));
    const workFolder = join(folder, 'work');
    let running: ChildProcess | null = null;
    const start = (port: number) =>
      spawn(process.execPath, ['--import', 'tsx', main], {
        stdio: 'ignore',
        env: {
          ...{ PATH: process.env.PATH, PORT: String(port), LOG_LEVEL: 'silent' },
          ...{ DATABASE_URL_RECOMMENDATIONS: url, TRAINING_FOLDER: workFolder },
          ARCHIVE_URL: join(folder, 'archive'),
        },
      });
    try {
      await migrate(database, 'recommendations');
      const tracks = createTracks(60).map(({ id, artistIds, markets, ...track }) => ({
        ...{ ...track, id: encodeId('track', id), version: 1, markets: [...markets], genreIds: [] },
        artistIds: artistIds.map((artist) => encodeId('artist', artist)),
      }));
      await createPrismaCatalogCopy(client).save({ genres: [], artists: [], albums: [], tracks });
      await writeToArchive(createFolderArchive(join(folder, 'archive')), playsOfCrowds());

      const port = await findFreePort();
      for (const moment of moments) {
        running = start(port);
        while (!existsSync(join(workFolder, moment))) await sleep(5);
        const ended = new Promise((resolve) => running?.once('exit', resolve));
        running.kill('SIGKILL');
        await ended;
      }
      const reader = createPrismaModelReader(client, { servingForMs: 0 });
      running = start(port);
      let serving = await reader.serving();
      while (!serving) {
        await sleep(50);
        serving = await reader.serving();
      }
      // One training, that went on.
      const trainings = await reader.trainings(5);
      expect(trainings.map(({ state, refusal }) => [state, refusal])).toEqual([['SERVING', null]]);
      const lists = await reader.neighbours(
        serving,
        'TRACK',
        createTracks(60).map(({ id }) => id),
      );
      expect(lists.size).toBe(60);
    } finally {
      running?.kill('SIGKILL');
      await client.$disconnect();
      await database.close();
      await onServer(`DROP DATABASE ${name} WITH (FORCE)`);
      await rm(folder, { recursive: true, force: true });
    }
  },
  300_000,
);
