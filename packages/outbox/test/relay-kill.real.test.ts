import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEmbeddedEventLog } from '@medley/event-log/embedded';
import { silentLogger } from '@medley/testing';
import { readTopic } from '@medley/testing/event-log';
import { type OpenTransaction, scratchDatabases } from '@medley/testing/scratch-databases';
import { describe, expect, it } from 'vitest';
import { lockChangesOf } from '../src/index.ts';
import { append, createTables, startRelay, thing, things } from './relay-world.ts';

const postgres = scratchDatabases.find(([name]) => name === 'PostgreSQL');
if (!postgres) console.warn('skipped: relays that are killed, because TEST_POSTGRES_URL names no server');
const kills = 20;

describe.skipIf(!postgres)('a relay that is killed', () => {
  it(`${kills} times between publishing and noting it, while many write, loses nothing and tells nothing twice with another id`, async () => {
    const [, open] = postgres as (typeof scratchDatabases)[number];
    const database = await open();
    const folder = await mkdtemp(join(tmpdir(), 'medley-relay-'));
    let isDone = false;
    try {
      await createTables(database.sql);
      const committed: string[] = [];
      const writers = ['a', 'b', 'c', 'd'].map(async (key) => {
        let version = 0;
        while (!isDone) {
          const transaction = (await database.begin()) as OpenTransaction;
          await lockChangesOf(transaction, 'things.outbox', key);
          await append(transaction, thing(key, version + 1));
          const isKept = Math.random() < 0.8;
          await (isKept ? transaction.commit() : transaction.rollback());
          if (isKept) {
            version += 1;
            committed.push(`${key} ${version}`);
          }
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
        }
      });
      for (let kill = 0; kill < kills; kill++) {
        const child = spawn(
          process.execPath,
          [
            '--import',
            'tsx',
            fileURLToPath(new URL('./relay-process.ts', import.meta.url)),
            database.url as string,
            folder,
          ],
          { stdio: ['ignore', 'pipe', 'inherit'] },
        );
        const ended = once(child, 'exit');
        const early = ended.then(([code]) =>
          Promise.reject(new Error(`a relay ended by itself with ${code}`)),
        );
        early.catch(() => {});
        for (let pages = Math.ceil(Math.random() * 5); pages > 0; pages--)
          await Promise.race([once(child.stdout, 'data'), early]);
        child.kill('SIGKILL');
        await ended;
      }
      isDone = true;
      await Promise.all(writers);

      const log = await openEmbeddedEventLog({ folder, logger: silentLogger });
      const relay = startRelay(database, log);
      const told = async () =>
        (await readTopic(log, things.name)).map(({ event }) => ({
          what: `${event?.data.id} ${event?.data.stateVersion}`,
          id: event?.id,
        }));
      await expect
        .poll(async () => new Set((await told()).map(({ what }) => what)).size, { timeout: 30_000 })
        .toBe(committed.length);
      const all = await told();
      expect(new Set(all.map(({ what }) => what))).toEqual(new Set(committed));
      // Some came twice, or nothing was shown; always with the id that they had.
      expect(all.length).toBeGreaterThan(committed.length);
      expect(new Set(all.map(({ what, id }) => `${what} ${id}`)).size).toBe(committed.length);
      console.info(
        `${kills} kills, ${committed.length} changes, ${all.length - committed.length} came again`,
      );
      for (const key of ['a', 'b', 'c', 'd']) {
        const versions = all
          .filter(({ what }) => what.startsWith(key))
          .map(({ what }) => Number(what.slice(2)));
        // What comes again comes from an earlier position on, in order: no version is skipped on the way.
        for (const [index, version] of versions.entries())
          expect(version).toBeLessThanOrEqual((versions[index - 1] ?? 0) + 1);
      }
      await relay.stop();
      await log.close();
    } finally {
      isDone = true;
      await database.close();
      await rm(folder, { recursive: true });
    }
    // Twenty starts of a process, each of which loads all that it needs.
  }, 480_000);
});
