import { randomUUID } from 'node:crypto';
import type { Database } from '@medley/database';
import { type EventLog, publishEvents } from '@medley/event-log';
import { playEvents, withItsLetters } from '@medley/events';
import { encodeId } from '@medley/ids';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { openTestEventLog, type TestEventLog } from '@medley/testing/event-log';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPrismaArchive } from '../../src/adapters/prisma-archive.ts';
import { openPrismaClient, type PrismaClient } from '../../src/adapters/prisma-client.ts';
import { archivePlays, toArchive } from '../../src/archive/archive-plays.ts';
import { finishParts, flushDays } from '../../src/archive/flush-plays.ts';
import { type ArchivingOptions, startArchiving } from '../../src/archive/start-archiving.ts';
import { ArchiveUnavailableError } from '../../src/domain/archive-store.ts';
import { dayOfPlay } from '../../src/domain/archived-play.ts';
import type { ArchivePart, WaitingPlays } from '../../src/domain/waiting-plays.ts';
import { readAll } from './archived.ts';
import { createMemoryArchive, type MemoryArchive } from './memory-archive.ts';
import { played, type TrackPlayed } from './told-plays.ts';

/** It may take long where much else runs. */
const patience = { timeout: 20_000 };

let database: Database;
let client: PrismaClient;
let waiting: WaitingPlays;
let world: TestEventLog;
let log: EventLog;
let store: MemoryArchive;
let stops: (() => Promise<void>)[];

beforeAll(async () => {
  database = await openTestDatabase('recommendations');
  client = openPrismaClient(database);
  waiting = createPrismaArchive(client);
  await waiting.prepare();
}, 60_000);
afterAll(async () => {
  await client.$disconnect();
  await database.close();
});
beforeEach(async () => {
  world = await openTestEventLog();
  ({ log } = world);
  await log.admin.ensureTopics(withItsLetters(playEvents));
  store = createMemoryArchive();
  stops = [];
});
afterEach(async () => {
  for (const stop of stops) await stop();
  await world.close();
  await client.$executeRaw`TRUNCATE recommendations.archived_plays, recommendations.scheduled_work`;
});

function start(options: Partial<ArchivingOptions> = {}) {
  const metrics = createMetrics();
  const archiving = startArchiving({
    ...{ log, waiting, store, tryHold: database.tryHold, logger: silentLogger, metrics },
    onCrash: (error) => {
      throw error;
    },
    ...{ flushMs: 60_000, everyMs: 20 },
    ...options,
  });
  stops.push(() => archiving.stop());
  return { ...archiving, metrics };
}

const tell = (plays: readonly TrackPlayed[]) => publishEvents(log, playEvents, plays);
const taken = async () => Number((await client.archivedPlay.count()) ?? 0);
const idsOf = (plays: readonly { readonly eventId: string }[]) => plays.map(({ eventId }) => eventId).sort();
const archived = async () => idsOf(await readAll(store));
const told = (plays: readonly TrackPlayed[]) => plays.map(({ id }) => id).sort();

async function readMetric(metrics: ReturnType<typeof createMetrics>, name: string): Promise<number> {
  const found = await metrics.registry.getSingleMetric(`medley_recommendations_archive_${name}`)?.get();
  return found?.values[0]?.value ?? 0;
}

describe(`the archive of plays on ${testDatabaseKind}`, () => {
  it('has each play once, however often it is told, in the folder of its own day', async () => {
    const now = Date.now();
    const today = Array.from({ length: 5 }, () => played());
    const late = played({ at: new Date(now - 20 * 86_400_000) });
    await tell([...today, late]);
    await tell([...today.slice(0, 3), late]);
    const { flush } = start();
    await expect.poll(taken, patience).toBe(6);
    await flush();
    await tell(today);
    const all = await readAll(store);
    expect(idsOf(all)).toEqual(told([...today, late]));
    for (const play of all) expect(play.file).toContain(`plays/date=${dayOfPlay(play)}/`);
    expect(await taken()).toBe(0);
    expect(await waiting.findArchivedUntil(new Date(now))).toEqual(new Date(now));
  });

  it('takes the plays of two accounts that made up the same id, and refuses another play under an id that was used', async () => {
    const id = randomUUID();
    const [anna, ben] = [encodeId('user', randomUUID()), encodeId('user', randomUUID())];
    const first = played({ id, userId: anna });
    const second = played({ id, userId: ben });
    const forged = played({ id, userId: anna, contentHash: 'something else' });
    await tell([first, second]);
    const { flush } = start();
    await expect.poll(taken, patience).toBe(2);
    await tell([forged, played({ userId: 'nobody' })]);
    await expect.poll(async () => (await world.read(`${playEvents.name}.dlq`)).length, patience).toBe(2);
    await flush();
    expect(await archived()).toEqual([id, id]);
  });

  it('writes full parts at once, and the rest when it waited long enough', async () => {
    await tell(Array.from({ length: 25 }, () => played({ at: new Date(Date.now() - 60_000) })));
    let nowMs = Date.now();
    const { metrics } = start({ partPlays: 10, clock: () => nowMs });
    await expect.poll(() => store.files.size, patience).toBe(2);
    await expect.poll(taken, patience).toBe(5);
    await expect.poll(() => readMetric(metrics, 'waiting_plays'), patience).toBe(5);
    nowMs += 12 * 60_000;
    await expect.poll(() => store.files.size, patience).toBe(3);
    expect(new Set(await archived()).size).toBe(25);
    await expect.poll(() => readMetric(metrics, 'parts_total'), patience).toBe(3);
    expect(await readMetric(metrics, 'plays_total')).toBe(25);
    await expect.poll(() => readMetric(metrics, 'waiting_plays'), patience).toBe(0);
  });

  it('waits while the disk is full, says so, piles up no more than it may, and loses nothing', async () => {
    const plays = Array.from({ length: 40 }, () => played());
    store.full = true;
    const { metrics, flush } = start({ partPlays: 10, maxWaiting: 20 });
    await tell(plays.slice(0, 20));
    await expect.poll(taken, patience).toBe(20);
    await expect.poll(() => readMetric(metrics, 'failures_total'), patience).toBeGreaterThan(1);
    await expect(flush()).rejects.toThrow(ArchiveUnavailableError);
    // One part is being tried, the others wait for it.
    expect(await waiting.findParts()).toHaveLength(1);
    await tell(plays.slice(20));
    store.full = false;
    await expect.poll(async () => (await archived()).length + (await taken()), patience).toBe(40);
    await flush();
    await expect.poll(archived, patience).toEqual(told(plays));
  });

  it('writes what waits when it is stopped', async () => {
    const plays = Array.from({ length: 7 }, () => played());
    await tell(plays);
    const { stop } = start();
    await expect.poll(taken, patience).toBe(7);
    await stop();
    expect(await archived()).toEqual(told(plays));
  });

  it('does not write the half of a part that somebody else has written and forgotten meanwhile', async () => {
    const plays = Array.from({ length: 3 }, () => played());
    const at = new Date();
    await waiting.take(plays.map(toArchive), at);
    const [day] = await waiting.findWaiting();
    const part = (await waiting.namePart(day?.day ?? '', 10)) as ArchivePart;
    expect(part.plays).toBe(3);
    const frozen: WaitingPlays = {
      ...waiting,
      findParts: async () => [part],
      async *readPart(asked) {
        for await (const page of waiting.readPart(asked)) {
          yield page.slice(0, 2);
          await waiting.forgetPart(part, at);
        }
      },
    };
    await finishParts({ waiting: frozen, store, partPlays: 10, clock: Date.now, onPart: () => {} });
    expect(store.files.size).toBe(0);
  });

  it('is up to the first play that waits', async () => {
    expect(await waiting.findArchivedUntil(new Date())).toBeNull();
    await tell([played()]);
    const { flush } = start();
    await expect.poll(taken, patience).toBe(1);
    await flush();
    const until = Date.now();
    await tell([played()]);
    await expect.poll(taken, patience).toBe(1);
    const found = await waiting.findArchivedUntil(new Date(Date.now() + 1_000));
    expect(Math.abs((found as Date).getTime() - until)).toBeLessThan(10_000);
    expect((found as Date).getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('has each play once when it dies before or after any step', async () => {
    const all: TrackPlayed[] = [];
    const written = new Map<string, Uint8Array>();
    let lived = false;
    for (let fatal = 1; !lived; fatal++) {
      expect(fatal).toBeLessThan(50);
      const plays = [played(), played(), played({ at: new Date(Date.now() - 5 * 86_400_000) })];
      all.push(...plays);
      lived = await liveOnce(plays, fatal);
      await liveOnce(plays, Number.POSITIVE_INFINITY);
      // Nothing that is there ever changes.
      for (const [name, content] of store.files) expect(written.get(name) ?? content).toEqual(content);
      for (const [name, content] of store.files) written.set(name, content);
    }
    expect(await archived()).toEqual(told(all));
    expect(await taken()).toBe(0);
  }, 30_000);
});

/** A life of the archive: it takes plays and writes what waits, unless it dies. @param fatal the step before or after which it does */
async function liveOnce(plays: readonly TrackPlayed[], fatal: number): Promise<boolean> {
  let steps = 0;
  const mortal = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const method = Reflect.get(target, name);
        if (typeof method !== 'function' || name === 'readPart') return method;
        return async (...given: unknown[]) => {
          if (++steps === fatal) throw new Killed();
          const answer = await method.apply(target, given);
          if (++steps === fatal) throw new Killed();
          return answer;
        };
      },
    });
  const dependencies = { waiting: mortal(waiting), store: mortal(store), partPlays: 2, clock: Date.now };
  const handle = archivePlays(dependencies.waiting, { clock: Date.now, beforeTaking: () => {} });
  const context = { group: '', topic: '', partition: 0, attempt: 1, signal: new AbortController().signal };
  const refuse = (_: unknown, reason: string) => expect.fail(reason);
  try {
    const consumed = plays.map((event, index) => ({ ...placeOf(index), event }));
    await handle(consumed, { ...context, refuse });
    await finishParts({ ...dependencies, onPart: () => {} });
    await flushDays(await dependencies.waiting.findWaiting(), { ...dependencies, onPart: () => {} });
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  }
}

class Killed extends Error {}
const placeOf = (index: number) => ({
  topic: playEvents.name,
  partition: 0,
  offset: BigInt(index),
  time: new Date(),
});
