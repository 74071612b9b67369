import { allTopics } from '@medley/events';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { openTestEventLog, type TestEventLog } from '@medley/testing/event-log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryTasteProfiles } from '../../src/adapters/memory-taste-profiles.ts';
import { openPrismaUserData } from '../../src/adapters/prisma-user-data.ts';
import type { UserData } from '../../src/domain/user-data.ts';
import type { Live } from '../../src/live/start-live.ts';
import { expectUndisturbed, failingPort, startProcess, tell, untilTaken } from './followed-plays.ts';
import { manyPlays } from './told-plays.ts';

describe(`histories and profiles on the embedded log and ${testDatabaseKind} are as if nothing had happened`, () => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let userData: UserData;
  let world: TestEventLog;
  const running: Live[] = [];
  const crashes: Error[] = [];

  beforeEach(async () => {
    database = await openTestDatabase('recommendations');
    userData = openPrismaUserData(database);
    world = await openTestEventLog();
    await world.log.admin.ensureTopics(allTopics);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((live) => live.stop()));
    await world?.close();
    await userData?.close();
    await database?.close();
    expect(crashes.splice(0)).toEqual([]);
  });

  it('after two processes shared the work, joined and left, and the database failed now and then', async () => {
    let [share, failures] = [0.3, 0];
    const failed = () => {
      failures += 1;
    };
    const failing = () => ({
      ...userData,
      history: failingPort(userData.history, () => share, failed),
      profiles: failingPort(userData.profiles, () => share, failed),
    });
    const fastProfiles = createMemoryTasteProfiles();
    const start = () => {
      const live = startProcess({ log: world.log, userData: failing(), fastProfiles }, crashes);
      running.push(live);
      return live;
    };
    const plays = manyPlays(300);
    const first = start();
    await tell(world.log, plays.slice(0, 100));
    start();
    await tell(world.log, plays.slice(100, 200));
    // The client tells some of them again.
    await tell(world.log, plays.slice(150, 180));
    await first.stop();
    world.setAway(true);
    start();
    world.setAway(false);
    await tell(world.log, plays.slice(200));
    share = 0;
    await untilTaken(world.log);
    await expectUndisturbed(world.log, userData);
    expect(failures).toBeGreaterThan(3);
  });
});
