import { createCursors } from '@medley/connection';
import { type EventLog, LogUnavailableError, publishEvents, replay } from '@medley/event-log';
import { allTopics, analyticsLive, playEvents } from '@medley/events';
import type { Actor } from '@medley/identity';
import { createMetrics } from '@medley/service';
import {
  createTestCaller,
  createTestVerifier,
  silentLogger,
  type TestStream,
  testKeys,
} from '@medley/testing';
import { testDatabaseKind } from '@medley/testing/database';
import { openTestEventLog, type TestEventLog } from '@medley/testing/event-log';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp, type Ingestion, startIngestion, startLive } from '../../src/app.ts';
import { playsGroup } from '../../src/ingestion.ts';
import { catalogTrack, publicId, uuid } from '../asking.ts';
import { type Counting, openCounting } from '../counting.ts';
import { played } from '../told-plays.ts';

const analyst: Actor = { kind: 'viewer', id: 'user_1', sessionId: 's', scopes: ['analytics:read'] };
const cursors = createCursors(testKeys);

const countQuery = `subscription ($id: ID!, $after: String) {
  playCountChanged(trackId: $id, after: $after) { kind cursor playCount track { id playCount } } }`;
interface CountData {
  readonly playCountChanged: { kind: string; cursor: string; playCount: number; track: unknown };
}
const playsQuery = `subscription ($market: CountryCode, $after: String) {
  livePlays(market: $market, after: $after) { kind cursor at market plays notCounted } }`;
interface PlaysData {
  readonly livePlays: {
    kind: string;
    cursor: string;
    at: string;
    market: string | null;
    plays: number;
    notCounted: number;
  };
}

describe(`what is counted, told by two replicas on ${testDatabaseKind}`, () => {
  let counting: Counting;
  let world: TestEventLog;
  let ingestion: Ingestion;
  let isLiveTopicAway = false;
  const streams: TestStream<never>[] = [];
  const closing: (() => Promise<void>)[] = [];
  const replicas: Awaited<ReturnType<typeof openReplica>>[] = [];

  beforeAll(async () => {
    counting = await openCounting();
    closing.unshift(counting.close);
    world = await openTestEventLog();
    closing.unshift(world.close);
    await world.log.admin.ensureTopics(allTopics);
    ingestion = startCounting();
    closing.unshift(() => ingestion.stop());
    replicas.push(await openReplica(), await openReplica());
  });
  afterAll(async () => {
    for (const stream of streams) stream.stop();
    for (const close of closing) await close();
  });

  function startCounting(): Ingestion {
    const append: EventLog['append'] = (topic, records) =>
      isLiveTopicAway && topic === analyticsLive.name
        ? Promise.reject(new LogUnavailableError('the log is away'))
        : world.log.append(topic, records);
    return startIngestion({
      ...counting,
      log: { ...world.log, append },
      logger: silentLogger,
      metrics: createMetrics(),
      onCrash: (error) => {
        throw error;
      },
    });
  }
  async function openReplica({ recheckMs = 600_000, sweepMs = 600_000 } = {}) {
    const live = startLive({ ...counting, log: world.log, logger: silentLogger, recheckMs, sweepMs });
    closing.unshift(live.stop);
    const app = await createApp({
      ...{ ...counting, log: world.log, live, cursors },
      identity: createTestVerifier('analytics'),
      logger: silentLogger,
    });
    closing.unshift(() => app.stop());
    const caller = createTestCaller(app);
    async function subscribe<Data>(query: string, variables = {}, actor = analyst) {
      const stream = await caller.subscribe<Data>(query, variables, { actor });
      streams.push(stream as TestStream<never>);
      return stream;
    }
    return {
      ...caller,
      subscribe,
      watchCount: (track: string, after?: string) =>
        subscribe<CountData>(countQuery, { id: publicId('track', track), after }, {
          kind: 'anonymous',
        } as never),
      watchPlays: (variables: { market?: string; after?: string } = {}) =>
        subscribe<PlaysData>(playsQuery, variables),
    };
  }
  const replica = (index: number) => replicas[index] as (typeof replicas)[number];
  const known = (...names: string[]) => counting.catalogTracks.save(names.map((name) => catalogTrack(name)));
  const play = (...events: ReturnType<typeof played>[]) => publishEvents(world.log, playEvents, events);
  const playOf = (track: string, more = {}) => played({ trackId: publicId('track', track), ...more });
  const nextCount = async (stream: TestStream<CountData>) => (await stream.next())?.data.playCountChanged;
  const nextPlays = async (stream: TestStream<PlaysData>) => (await stream.next())?.data.livePlays;
  const untilCounted = () =>
    expect
      .poll(
        async () =>
          (await world.log.admin.positions(playsGroup, [playEvents.name])).every(({ lag }) => lag === 0n),
        { timeout: 15_000, interval: 20 },
      )
      .toBe(true);

  describe('playCountChanged', () => {
    it('tells the number, and each other one, on whichever replica', async () => {
      await known('Air');
      const watching = await Promise.all([replica(0).watchCount('Air'), replica(1).watchCount('Air')]);
      for (const stream of watching)
        expect(await nextCount(stream)).toMatchObject({ kind: 'STARTED', playCount: 0 });
      const told = playOf('Air');
      await play(told);
      for (const stream of watching) {
        const event = await stream.next();
        expect(event).toMatchObject({ replaces: true, cursor: event?.data.playCountChanged.cursor });
        // Beside the number of the event there is no other one.
        const track = { id: publicId('track', 'Air'), playCount: 1 };
        expect(event?.data.playCountChanged).toMatchObject({ kind: 'CHANGED', playCount: 1, track });
      }
      // What was counted before changes nothing: the next that is told is the next play.
      await play(told, told);
      await untilCounted();
      await play(playOf('Air'));
      for (const stream of watching) expect(await nextCount(stream)).toMatchObject({ playCount: 2 });
    });

    it('tells who was away when the number is another one, at once, and when it is not, then', async () => {
      await known('Beach');
      const stream = await replica(0).watchCount('Beach');
      const started = await nextCount(stream);
      stream.stop();
      const same = await replica(1).watchCount('Beach', started?.cursor);
      const waiting = nextCount(same);
      await play(playOf('Beach'));
      const changed = await waiting;
      expect(changed).toMatchObject({ kind: 'CHANGED', playCount: 1 });
      const late = await replica(0).watchCount('Beach', started?.cursor);
      expect(await nextCount(late)).toEqual(changed);
    });

    it('says that there is a gap where fewer are counted than were told, as after a restore', async () => {
      await known('Restored');
      const looking = await openReplica({ recheckMs: 50 });
      const stream = await looking.watchCount('Restored');
      await nextCount(stream);
      await play(playOf('Restored'), playOf('Restored'));
      let told = await nextCount(stream);
      while (told?.playCount !== 2) told = await nextCount(stream);
      await counting.client.trackTotal.updateMany({
        where: { trackId: uuid('track', 'Restored') },
        data: { plays: 1 },
      });
      expect(await nextCount(stream)).toMatchObject({ kind: 'GAP', playCount: 1 });
      // Whoever was away meanwhile, too, on whichever replica.
      const gap = await nextCount(await replica(1).watchCount('Restored', told.cursor));
      expect(gap).toMatchObject({ kind: 'GAP', playCount: 1 });
      await play(playOf('Restored'));
      const after = await replica(0).watchCount('Restored', gap?.cursor);
      expect(await nextCount(after)).toMatchObject({ kind: 'CHANGED', playCount: 2 });
    });

    it('ends with NOT_FOUND where there is no such track, or none any more', async () => {
      const unknown = await replica(0).watchCount('nobody sings this');
      const [error] = (await unknown.next())?.errors ?? unknown.refusal ?? [];
      expect(error?.extensions.code).toBe('NOT_FOUND');
      await known('Gone');
      const looking = await openReplica({ recheckMs: 50 });
      const stream = await looking.watchCount('Gone');
      expect(await nextCount(stream)).toMatchObject({ kind: 'STARTED' });
      await counting.catalogTracks.save([
        { ...catalogTrack('Gone'), version: 2, artistIds: [], withdrawn: true, markets: [] },
      ]);
      expect((await stream.next())?.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
      expect(await stream.next()).toBeNull();
    });

    it('refuses malformed ids and cursors that are none of its own', async () => {
      await known('Air', 'Beach');
      const foreign = await nextCount(await replica(0).watchCount('Beach'));
      const refused = await Promise.all([
        replica(0).subscribe(countQuery, { id: 'track_1' }),
        replica(0).subscribe(countQuery, { id: publicId('artist', 'Air') }),
        replica(0).watchCount('Air', 'forged'),
        replica(0).watchCount('Air', foreign?.cursor),
      ]);
      for (const { refusal } of refused)
        expect(refusal).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    });
  });

  describe('livePlays', () => {
    it('needs the scope', async () => {
      const asked = await Promise.all([
        replica(0).subscribe(playsQuery, {}, { kind: 'anonymous' } as never),
        replica(0).subscribe(playsQuery, {}, { ...analyst, scopes: [] } as never),
      ]);
      const codes = asked.map(({ refusal }) => refusal?.[0]?.extensions.code);
      expect(codes).toEqual(['UNAUTHENTICATED', 'FORBIDDEN']);
      // Also of who knows where to go on.
      const { cursor } = (await nextPlays(await replica(0).watchPlays())) ?? {};
      const stranger = await replica(1).subscribe(playsQuery, { after: cursor }, {
        ...{ ...analyst, scopes: ['library:read'] },
      } as never);
      expect(stranger.refusal).toMatchObject([
        { extensions: { code: 'FORBIDDEN', missingScopes: ['analytics:read'] } },
      ]);
    });

    it('refuses what is no code of a country, and tells zeros of one where nobody plays', async () => {
      const refused = ['de', 'XX', 'DEU', '*', ''].map((market) => replica(0).watchPlays({ market }));
      for (const { refusal } of await Promise.all(refused))
        expect(refusal).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      const quiet = await nextPlays(await replica(0).watchPlays({ market: 'AQ' }));
      expect(quiet).toMatchObject({ kind: 'STARTED', market: 'AQ', plays: 0, notCounted: 0 });
    });

    it('tells each second once, the same on all replicas, also on one that began later', async () => {
      const [all, german] = await Promise.all([
        replica(0).watchPlays(),
        replica(1).watchPlays({ market: 'DE' }),
      ]);
      const [started] = await Promise.all([nextPlays(all), nextPlays(german)]);
      expect(started).toMatchObject({ kind: 'STARTED', market: null });
      // The first second may have what others played.
      const events = [await nextPlays(all)];
      const told = [playOf('Air', { market: 'DE' }), playOf('Air', { market: 'BR' })];
      const short = playOf('Air', { market: 'DE', notCountedReason: 'TOO_SHORT' });
      await play(...told, ...told, short);
      const sums = (given: typeof events) => ({
        plays: given.reduce((sum, each) => sum + (each?.plays ?? 0), 0),
        notCounted: given.reduce((sum, each) => sum + (each?.notCounted ?? 0), 0),
      });
      while (sums(events).plays + sums(events).notCounted < 3) events.push(await nextPlays(all));
      // Told once more, they are nothing new.
      await untilCounted();
      await play(...told, short);
      await untilCounted();
      for (const _ of [1, 2]) events.push(await nextPlays(all));
      expect(sums(events)).toEqual({ plays: 2, notCounted: 1 });
      const times = events.map((each) => Date.parse(each?.at ?? ''));
      expect(times).toEqual(times.map((_, index) => (times[0] as number) + 1_000 * index));

      const ofMarket: typeof events = [];
      while (sums(ofMarket).plays + sums(ofMarket).notCounted < 2) ofMarket.push(await nextPlays(german));
      expect(sums(ofMarket)).toEqual({ plays: 1, notCounted: 1 });

      const third = await openReplica();
      const again = await third.watchPlays({ after: started?.cursor });
      for (const event of events) expect(await nextPlays(again)).toEqual(event);
    }, 30_000);

    it('says that there is a gap where a second is forgotten, and goes on from there', async () => {
      const old = cursors.encode(
        { field: 'Subscription.livePlays', arguments: { market: null } },
        [1_780_300_800],
      );
      const stream = await replica(0).watchPlays({ after: old });
      const gap = await nextPlays(stream);
      expect(gap).toMatchObject({ kind: 'GAP' });
      const next = await nextPlays(stream);
      expect(next).toMatchObject({ kind: 'CHANGED' });
      expect(Date.parse(next?.at ?? '') - Date.parse(gap?.at ?? '')).toBe(1_000);
      const elsewhere = await replica(1).watchPlays({ market: 'DE', after: gap?.cursor });
      expect(elsewhere.refusal).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    });
  });

  it('is counted while nobody can be told, and told when that can be done', async () => {
    await known('Quiet');
    const stream = await replica(0).watchCount('Quiet');
    expect(await nextCount(stream)).toMatchObject({ playCount: 0 });
    isLiveTopicAway = true;
    await play(playOf('Quiet'));
    await untilCounted();
    const id = uuid('track', 'Quiet');
    expect(await counting.statistics.findPlayCounts([id])).toEqual(new Map([[id, 1]]));
    isLiveTopicAway = false;
    expect(await nextCount(stream)).toMatchObject({ kind: 'CHANGED', playCount: 1 });
  });

  it('is told once, by another process, when the one that counted it dies before it has told it', async () => {
    await untilCounted();
    const { client } = counting;
    const passSeconds = () =>
      client.$executeRaw`UPDATE analytics.live_outbox SET counted_at = counted_at - interval '5 seconds'`;
    const all = await replica(0).watchPlays();
    const events = [await nextPlays(all), await nextPlays(all)];
    const plays = () => events.reduce((sum, event) => sum + (event?.plays ?? 0), 0);
    // Committed, and nothing of it comes to the log any more: what waits in memory ends with it.
    isLiveTopicAway = true;
    await play(playOf('Air', { market: 'DE' }), playOf('Air', { market: 'BR' }));
    await untilCounted();
    await ingestion.stop();
    isLiveTopicAway = false;
    const before = plays();
    events.push(await nextPlays(all), await nextPlays(all));
    expect(plays()).toBe(before);

    await passSeconds();
    // Two of them do it at the same time.
    const others = [await openReplica({ sweepMs: 50 }), await openReplica({ sweepMs: 50 })];
    while (plays() === before) events.push(await nextPlays(all));
    await expect
      .poll(() => client.$queryRaw`SELECT id FROM analytics.live_outbox`, { timeout: 10_000 })
      .toEqual([]);
    for (const _ of [1, 2]) events.push(await nextPlays(all));
    expect(plays()).toBe(before + 2);
    const times = events.map((event) => Date.parse(event?.at ?? ''));
    expect(times).toEqual(times.map((_, index) => (times[0] as number) + 1_000 * index));

    // Whoever comes back to another process is told the same.
    const again = await others[0]?.watchPlays({ after: events[0]?.cursor });
    for (const event of events.slice(1)) expect(again && (await nextPlays(again))).toEqual(event);
    ingestion = startCounting();
  }, 30_000);

  it('is told once when the group goes back and counts all of it again', async () => {
    await untilCounted();
    const before = await world.read(analyticsLive.name);
    await ingestion.stop();
    await replay(world.log, { topic: playEvents.name, group: playsGroup, from: 'beginning' });
    ingestion = startCounting();
    await untilCounted();
    await ingestion.stop();
    const told = (await world.read(analyticsLive.name)).slice(before.length);
    expect(told.filter(({ event }) => JSON.stringify(event?.data) !== '{"batches":[],"tracks":[]}')).toEqual(
      [],
    );
  });
});
