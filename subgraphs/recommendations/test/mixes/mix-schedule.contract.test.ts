import type { Database } from '@medley/database';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openPrismaClient, type PrismaClient } from '../../src/adapters/prisma-client.ts';
import { createPrismaScheduledWork } from '../../src/adapters/prisma-scheduled-work.ts';
import type { ScheduledWork } from '../../src/domain/scheduled-work.ts';
import { type MixScheduleOptions, startMixSchedule } from '../../src/mixes/mix-schedule.ts';

let database: Database;
let client: PrismaClient;
let work: ScheduledWork;
let stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  database = await openTestDatabase('recommendations');
  client = openPrismaClient(database);
  work = createPrismaScheduledWork(client);
}, 60_000);
afterAll(async () => {
  await client.$disconnect();
  await database.close();
});
afterEach(async () => {
  for (const stop of stops) await stop();
  stops = [];
  await client.scheduledWork.deleteMany();
});

const patience = { timeout: 20_000, interval: 5 };
const monday = Date.parse('2026-11-23T09:00:00Z');
const users = Array.from({ length: 250 }, (_, index) => `user ${String(index).padStart(3, '0')}`);

/** A schedule, and for whom it makes mixes. */
function start(options: Partial<MixScheduleOptions> = {}) {
  const made: string[] = [];
  const pruned: Date[] = [];
  const asked: Date[] = [];
  const stop = startMixSchedule({
    maker: {
      async makeIfDue(userId) {
        made.push(userId);
      },
    },
    history: {
      async activeUsers({ since, after, limit }) {
        asked.push(since);
        return users.filter((id) => after === null || id > after).slice(0, limit);
      },
    },
    mixes: {
      async prune(at) {
        pruned.push(at);
        return 3;
      },
    },
    ...{ work, tryHold: database.tryHold, logger: silentLogger, metrics: createMetrics() },
    ...{ clock: () => monday, everyMs: 5, rest: 0 },
    ...options,
  });
  stops.push(stop);
  return { made, pruned, asked, stop };
}
const done = async () => (await work.find('mixes')).done;

describe(`the schedule of mixes on ${testDatabaseKind}`, () => {
  it('comes to every active account once a day, and forgets old mixes', async () => {
    let now = monday;
    const { made, pruned, asked } = start({ clock: () => now });
    await expect.poll(done, patience).toBe('2026-11-23');
    expect(made).toEqual(users);
    expect(asked[0]).toEqual(new Date('2026-10-26T09:00:00Z'));
    expect(pruned).toEqual([new Date(monday)]);
    now += 86_400_000;
    await expect.poll(done, patience).toBe('2026-11-24');
    expect(made).toEqual([...users, ...users]);
  });

  it('goes on where another process was', async () => {
    let stopped: Promise<void> | undefined;
    const first = start({
      maker: {
        async makeIfDue(userId) {
          if (userId === 'user 120') stopped = first.stop();
        },
      },
    });
    await expect.poll(() => stopped !== undefined, patience).toBe(true);
    await stopped;
    expect(await work.find('mixes')).toMatchObject({
      done: null,
      place: { day: '2026-11-23', after: 'user 099' },
    });
    const second = start();
    await expect.poll(done, patience).toBe('2026-11-23');
    expect(second.made).toEqual(users.slice(100));
  });

  it('begins anew on another day', async () => {
    await work.notePlace('mixes', { day: '2026-11-22', after: 'user 199' });
    const { made } = start();
    await expect.poll(done, patience).toBe('2026-11-23');
    expect(made).toEqual(users);
  });

  it('is done by one process', async () => {
    const [one, two] = [start(), start()];
    await expect.poll(done, patience).toBe('2026-11-23');
    expect(one.made.length + two.made.length).toBe(users.length);
  });

  it('lets an account that fails keep no other from its mixes', async () => {
    const seen: string[] = [];
    start({
      maker: {
        async makeIfDue(userId) {
          seen.push(userId);
          if (userId === 'user 007') throw new Error('broken');
        },
      },
    });
    await expect.poll(done, patience).toBe('2026-11-23');
    expect(seen).toEqual(users);
  });

  it('waits while all fail, and is not done before they had theirs', async () => {
    let isAway = true;
    const made = new Set<string>();
    start({
      maker: {
        async makeIfDue(userId) {
          if (isAway && userId >= 'user 150') throw new Error('away');
          made.add(userId);
        },
      },
    });
    await expect.poll(() => made.size, patience).toBe(150);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await done()).toBeNull();
    isAway = false;
    await expect.poll(done, patience).toBe('2026-11-23');
    expect(made.size).toBe(users.length);
  });
});
