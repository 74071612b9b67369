import { type EventLog, publishEvents } from '@medley/event-log';
import { allTopics, playEvents } from '@medley/events';
import { openTestEventLog, type TestEventLog } from '@medley/testing/event-log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { playsGroup } from '../../src/live/follow-plays.ts';
import { type WatchedPlayLag, watchPlayLag } from '../../src/live/play-lag.ts';
import { manyPlays } from './told-plays.ts';

describe('how far live work is behind', () => {
  let world: TestEventLog;
  let watched: WatchedPlayLag;
  let now = Date.now();

  beforeEach(async () => {
    world = await openTestEventLog();
    await world.log.admin.ensureTopics(allTopics);
  });
  afterEach(async () => {
    watched?.stop();
    await world.close();
  });
  const watch = (admin: Partial<EventLog['admin']> = {}) => {
    now = Date.now();
    watched = watchPlayLag({ log: { admin: { ...world.log.admin, ...admin } }, clock: () => now });
  };
  const commit = async (share: (high: bigint) => bigint) => {
    for (const { partition, high } of await world.log.admin.offsets(playEvents.name))
      await world.log.admin.setPositions(playsGroup, playEvents.name, [{ partition, offset: share(high) }]);
  };

  it('is not known before it was looked at, and nothing where nothing waits', async () => {
    watch();
    expect(watched.lag()).toEqual({ asOf: new Date(now), eventLagMs: null });
    await expect.poll(() => watched.lag().eventLagMs).toBe(0);
    expect(watched.lag().asOf).toEqual(new Date(now));
  });

  it('is as old as the oldest play that is not in, also of a group that never was', async () => {
    await publishEvents(world.log, playEvents, manyPlays(24));
    const offsets = await world.log.admin.offsets(playEvents.name);
    const reads = offsets.filter(({ high }) => high > 0n).map(({ partition }) => partition);
    const firsts = await Promise.all(
      reads.map(async (partition) => (await world.log.admin.read(playEvents.name, partition, 0n, 1))[0]),
    );
    const oldest = Math.min(...firsts.map((record) => record?.time.getTime() ?? Number.NaN));
    watch();
    await expect.poll(() => watched.lag()).toEqual({ asOf: new Date(oldest), eventLagMs: now - oldest });
    await commit((high) => high);
    now += 1_000;
    await expect.poll(() => watched.lag()).toEqual({ asOf: new Date(now), eventLagMs: 0 });
  });

  it('is looked at once a second at most, and not known while the log is away', async () => {
    let looks = 0;
    watch({
      positions: async () => {
        looks += 1;
        throw new Error('away');
      },
    });
    for (let time = 0; time < 100; time += 1) watched.lag();
    expect(looks).toBe(1);
    await Promise.resolve();
    now += 1_000;
    const askAndCount = () => {
      watched.lag();
      return looks;
    };
    await expect.poll(askAndCount).toBe(2);
    expect(watched.lag().eventLagMs).toBeNull();
  });
});
