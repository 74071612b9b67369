import { setTimeout as pause } from 'node:timers/promises';
import { LogUnavailableError } from '@medley/event-log';
import { allTopics, createEvent, playEvents, trackPlayed } from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { testDatabaseKind } from '@medley/testing/database';
import { openTestEventLog, type TestEventLog, type ToldEvent } from '@medley/testing/event-log';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startDailyWork } from '../src/app.ts';
import { type Counting, openCounting } from './counting.ts';
import { may, type PlayedDay, trackId, trackUuid, writePlays } from './played-days.ts';

const counts = 'analytics.counts.v1';
const popularity = 'analytics.popularity.v1';

describe(`the work of a day on ${testDatabaseKind}`, () => {
  let counting: Counting;
  let logged: TestEventLog;

  beforeAll(async () => {
    counting = await openCounting();
  });
  afterAll(async () => {
    await counting?.close();
  });
  beforeEach(async () => {
    const { client } = counting;
    await client.$executeRaw`TRUNCATE analytics.track_plays, analytics.listener_sketches, analytics.track_popularity,
      analytics.daily_work`;
    logged = await openTestEventLog();
    await logged.log.admin.ensureTopics(allTopics);
    return logged.close;
  });

  const write = (...played: PlayedDay[]) => writePlays(counting.client, played);

  /** A process that does the work of days, at noon of the day after. */
  function start(day: Date, options: Partial<Parameters<typeof startDailyWork>[0]> = {}) {
    const metrics = createMetrics();
    const stop = startDailyWork({
      ...counting,
      log: logged.log,
      popularityMinPlays: 100,
      logger: silentLogger,
      metrics,
      clock: () => day.getTime() + 1.5 * 86_400_000,
      everyMs: 10,
      ...options,
    });
    onTestFinished(stop);
    return { stop, metrics };
  }

  const doneFor = async (work: 'popularity' | 'counts') =>
    (await counting.client.dailyWork.findUnique({ where: { name: work } }))?.day;

  /** Does the work of a day, and of those before that were missed. */
  async function workFor(day: Date, options: Partial<Parameters<typeof startDailyWork>[0]> = {}) {
    const { stop, metrics } = start(day, options);
    const done = () => Promise.all([doneFor('popularity'), doneFor('counts')]);
    await expect.poll(done, { timeout: 20_000 }).toEqual([day, day]);
    await stop();
    return metrics;
  }

  const told = async (topic: string): Promise<readonly ToldEvent[]> => await logged.read(topic);
  const toldOf = async (topic: string, track: string) =>
    (await told(topic)).filter(({ key }) => key === trackId(track)).map(({ event }) => event?.data);

  describe('popularity', () => {
    it('is told of tracks that were played enough in 28 days', async () => {
      await write(
        { track: 'hit', day: may(28), plays: { DE: 90_000, US: 9_999 } },
        { track: 'hit', day: may(1), plays: { DE: 1 } },
        { track: 'hit', day: may(29), plays: { DE: 1_000_000 } },
        { track: 'hit', day: may(0), plays: { DE: 1_000_000 } },
        { track: 'known', day: may(20), plays: { DE: 60 } },
        { track: 'known', day: may(21), plays: { '': 40 } },
        { track: 'new', day: may(28), plays: { DE: 99 } },
      );
      await workFor(may(28));
      expect(await toldOf(popularity, 'hit')).toEqual([
        {
          id: trackId('hit'),
          stateVersion: 1,
          popularity: 100,
          plays: 100_000,
          measuredAt: expect.stringMatching(/Z$/),
        },
      ]);
      expect(await toldOf(popularity, 'known')).toMatchObject([{ popularity: 40, plays: 100 }]);
      expect(await told(popularity)).toHaveLength(2);
    });

    it('is told again only when it changed, with a higher version', async () => {
      await write(
        { track: 'rising', day: may(1), plays: { DE: 200 } },
        { track: 'rising', day: may(2), plays: { DE: 5_000 } },
        { track: 'steady', day: may(1), plays: { DE: 1_000 } },
        { track: 'steady', day: may(2), plays: { DE: 1 } },
      );
      await workFor(may(1));
      await workFor(may(2));
      expect(await toldOf(popularity, 'rising')).toMatchObject([
        { stateVersion: 1, popularity: 46 },
        { stateVersion: 2, popularity: 74 },
      ]);
      expect(await toldOf(popularity, 'steady')).toMatchObject([{ stateVersion: 1, popularity: 60 }]);
    });

    it('falls to what is left, and to 0, once it was told', async () => {
      await write(
        { track: 'fading', day: may(1), plays: { DE: 500 } },
        { track: 'fading', day: may(2), plays: { DE: 9 } },
        { track: 'silent', day: may(1), plays: { DE: 500 } },
      );
      await workFor(may(1));
      await workFor(may(29));
      await workFor(may(30));
      expect((await toldOf(popularity, 'fading')).map((data) => data?.popularity)).toEqual([54, 20, 0]);
      expect((await toldOf(popularity, 'silent')).map((data) => data?.popularity)).toEqual([54, 0]);
      await workFor(may(31));
      expect(await told(popularity)).toHaveLength(5);
    });

    it('is measured page by page, all of them, those that fall too', async () => {
      const names = Array.from({ length: 1_000 }, (_, index) => `track ${index}`);
      await write(...names.map((track) => ({ track, day: may(1), plays: { DE: 500 } })));
      await workFor(may(1));
      expect(await told(popularity)).toHaveLength(1_000);
      // One half is played on, of the other one half a little, and new ones come.
      await write(
        ...names.slice(0, 500).map((track) => ({ track, day: may(29), plays: { DE: 1_000 } })),
        ...names.slice(500, 750).map((track) => ({ track, day: may(29), plays: { DE: 10 } })),
        ...names
          .slice(0, 250)
          .map((track) => ({ track: `new ${track}`, day: may(29), plays: { DE: 2_000 } })),
      );
      await workFor(may(29));
      const last = new Map((await told(popularity)).map(({ key, event }) => [key, event?.data.popularity]));
      const by = (group: readonly string[]) => new Set(group.map((name) => last.get(trackId(name))));
      expect(last.size).toBe(1_250);
      expect(by(names.slice(0, 500))).toEqual(new Set([60]));
      expect(by(names.slice(500, 750))).toEqual(new Set([21]));
      expect(by(names.slice(750))).toEqual(new Set([0]));
      expect(by(names.slice(0, 250).map((name) => `new ${name}`))).toEqual(new Set([66]));
      expect(await told(popularity)).toHaveLength(2_250);
    });

    it('has one content for each version, and each version is told, wherever it is cut off', async () => {
      const names = Array.from({ length: 450 }, (_, index) => `track ${index}`);
      await write(...names.map((track) => ({ track, day: may(1), plays: { DE: 500 } })));
      // Fails as a process does that is killed: before the log has a page, or after, when nobody hears of it.
      let calls = 0;
      const log = {
        ...logged.log,
        append: async (...given: Parameters<typeof logged.log.append>) => {
          if (given[0] !== popularity) return logged.log.append(...given);
          calls += 1;
          if (calls < 10 && calls % 3 === 1) throw new Error('killed before');
          const appended = await logged.log.append(...given);
          if (calls < 10 && calls % 3 === 2) throw new Error('killed after');
          return appended;
        },
      };
      const metrics = await workFor(may(1), { log });
      const all = await told(popularity);
      expect(all.length).toBeGreaterThan(450);
      const contents = new Map<unknown, Set<string>>();
      for (const { event } of all)
        contents.set(event?.id, (contents.get(event?.id) ?? new Set()).add(JSON.stringify(event)));
      expect(contents.size).toBe(450);
      expect([...contents.values()].every(({ size }) => size === 1)).toBe(true);
      expect(await counting.client.trackPopularity.count({ where: { isTold: false } })).toBe(0);
      expect(await metrics.registry.metrics()).toMatch(/medley_analytics_daily_work_failures_total \d/);
    });

    it('is made up for by the last day that is over', async () => {
      await write(
        { track: 'hit', day: may(2), plays: { DE: 500 } },
        { track: 'hit', day: may(5), plays: { DE: 500 } },
      );
      await workFor(may(1));
      await workFor(may(7));
      expect(await toldOf(popularity, 'hit')).toMatchObject([{ plays: 1_000 }]);
      expect(await doneFor('popularity')).toEqual(may(7));
    });
  });

  describe('counts', () => {
    it('are told of a day, by market, with how many listened', async () => {
      await write(
        { track: 'hit', day: may(2), plays: { US: 2, DE: 3, '': 1 }, listeners: ['ann', 'bob'] },
        { track: 'other', day: may(2), plays: { DE: 1 } },
        { track: 'hit', day: may(1), plays: { DE: 100 } },
        { track: 'hit', day: may(3), plays: { DE: 100 } },
      );
      const metrics = await workFor(may(2));
      expect(await toldOf(counts, 'hit')).toEqual([
        {
          trackId: trackId('hit'),
          day: '2026-05-02',
          plays: 6,
          listeners: 2,
          final: false,
          markets: [
            { market: '', plays: 1 },
            { market: 'DE', plays: 3 },
            { market: 'US', plays: 2 },
          ],
        },
      ]);
      expect(await toldOf(counts, 'other')).toMatchObject([{ plays: 1, listeners: 0 }]);
      expect(await metrics.registry.metrics()).toContain(
        'medley_analytics_daily_events_total{topic="analytics.counts.v1"} 2',
      );
    });

    it('are told of each day that was missed', async () => {
      await write(...[1, 2, 3, 4, 5].map((day) => ({ track: 'hit', day: may(day), plays: { DE: day } })));
      await workFor(may(2));
      await workFor(may(5));
      expect((await toldOf(counts, 'hit')).map((data) => [data?.day, data?.plays])).toEqual([
        ['2026-05-02', 2],
        ['2026-05-03', 3],
        ['2026-05-04', 4],
        ['2026-05-05', 5],
      ]);
    });

    it('are told once more, as final, when late plays are taken no more', async () => {
      await write({ track: 'hit', day: may(1), plays: { DE: 1 } });
      await workFor(may(1));
      await counting.client.trackPlays.updateMany({ data: { plays: 7n } });
      await workFor(may(31));
      expect(await toldOf(counts, 'hit')).toHaveLength(1);
      await workFor(new Date('2026-06-01T00:00:00Z'));
      expect((await toldOf(counts, 'hit')).map((data) => [data?.day, data?.plays, data?.final])).toEqual([
        ['2026-05-01', 1, false],
        ['2026-05-01', 7, true],
      ]);
    });

    it('are the same events when they are told again', async () => {
      const names = Array.from({ length: 450 }, (_, index) => `track ${index}`);
      await write(...names.map((track) => ({ track, day: may(2), plays: { DE: 5 }, listeners: [track] })));
      await workFor(may(2));
      await counting.client.dailyWork.updateMany({ data: { day: may(1) } });
      await workFor(may(2));
      const ids = (await told(counts)).map(({ event }) => event?.id);
      expect(ids).toHaveLength(900);
      expect(new Set(ids).size).toBe(450);
    });
  });

  it('waits until the plays are counted that were told', async () => {
    await write({ track: 'hit', day: may(1), plays: { DE: 5 } });
    const play = createEvent(trackPlayed, {
      source: 'streaming',
      key: 'user_1',
      data: { userId: 'user_1' } as never,
    });
    const [appended] = await logged.log.append(playEvents.name, [
      { key: 'user_1', value: Buffer.from(JSON.stringify(play)) },
    ]);
    start(may(1));
    await pause(1_300);
    expect(await doneFor('counts')).toBeUndefined();
    expect(await told(counts)).toEqual([]);
    if (!appended) throw new Error('nothing was appended');
    await logged.log.admin.setPositions('analytics.plays', playEvents.name, [
      { partition: appended.partition, offset: appended.offset + 1n },
    ]);
    await expect.poll(() => doneFor('counts')).toEqual(may(1));
    expect(await told(counts)).toHaveLength(1);
  });

  it('goes on where it was when the log was away, and does not begin anew', async () => {
    const names = Array.from({ length: 450 }, (_, index) => `track ${index}`);
    await write(...names.map((track) => ({ track, day: may(1), plays: { DE: 5 } })));
    let calls = 0;
    const append: typeof logged.log.append = async (...given) => {
      calls += 1;
      if (calls % 2 === 1) throw new LogUnavailableError('away');
      return logged.log.append(...given);
    };
    await workFor(may(1), { log: { ...logged.log, append } });
    expect(await told(counts)).toHaveLength(450);
    expect(calls).toBe(10);
  });

  it('is done by one of many processes', async () => {
    await write({ track: 'hit', day: may(1), plays: { DE: 500 } });
    for (let process = 0; process < 4; process += 1) start(may(1), { everyMs: 1 + process });
    await expect.poll(() => doneFor('counts')).toEqual(may(1));
    await pause(200);
    expect([(await told(popularity)).length, (await told(counts)).length]).toEqual([1, 1]);
  });

  it('does what it can where a part of it fails, and tries the rest again', async () => {
    await write({ track: 'hit', day: may(1), plays: { DE: 500 } });
    let failures = 0;
    const findMostPlays = async () => {
      failures += 1;
      throw new Error('a bug');
    };
    const daily = { ...counting.daily, popularity: { ...counting.daily.popularity, findMostPlays } };
    const broken = start(may(1), { daily });
    await expect.poll(() => doneFor('counts')).toEqual(may(1));
    await broken.stop();
    expect(failures).toBeGreaterThan(0);
    expect([await doneFor('popularity'), (await told(counts)).length]).toEqual([undefined, 1]);
    start(may(1));
    await expect.poll(() => doneFor('popularity')).toEqual(may(1));
    expect([(await told(popularity)).length, (await told(counts)).length]).toEqual([1, 1]);
  });

  it('does nothing without numbers', async () => {
    await counting.client.trackPopularity.create({
      data: {
        ...{ trackId: trackUuid('hit'), version: 1, popularity: 50, isTold: true },
        ...{ plays: 500n, measuredAt: may(1) },
      },
    });
    start(may(1), { generations: { find: async () => ({ current: null, building: null }) } });
    await pause(200);
    expect([await told(popularity), await doneFor('popularity')]).toEqual([[], undefined]);
  });

  it('shows the numbers that are shown, also while others are built', async () => {
    const { id } = await counting.generations.build();
    onTestFinished(() => counting.generations.giveUp(id));
    await write({ track: 'hit', day: may(1), plays: { DE: 500 } });
    await writePlays(counting.client, [{ track: 'hit', day: may(1), plays: { DE: 9_000 } }], id);
    await workFor(may(1));
    expect(await toldOf(counts, 'hit')).toMatchObject([{ plays: 500 }]);
    expect(await toldOf(popularity, 'hit')).toMatchObject([{ plays: 500 }]);
  });

  it('ends when it is stopped, also while it waits', async () => {
    logged.setAway(true);
    await write({ track: 'hit', day: may(1), plays: { DE: 500 } });
    const { stop } = start(may(1), { everyMs: 60_000 });
    await pause(300);
    const began = performance.now();
    await stop();
    expect(performance.now() - began).toBeLessThan(2_000);
    logged.setAway(false);
    await workFor(may(1));
    expect(await told(popularity)).toHaveLength(1);
  });
});
