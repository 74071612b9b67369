import { publishEvents } from '@medley/event-log';
import { playbackState } from '@medley/events';
import { createChangeNotifier } from '@medley/live';
import { silentLogger, type TestStream } from '@medley/testing';
import { openTestEventLog, type TestEventLog } from '@medley/testing/event-log';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryPlaybackSessions } from '../src/adapters/memory-playback-sessions.ts';
import { changeTopics } from '../src/app.ts';
import { type PlaybackSessions, SessionsUnavailableError } from '../src/domain/playback-sessions.ts';
import { aTrack, aViewer, trackId, viewerId } from './cases.ts';
import { asViewer, openStreaming } from './streaming-under-test.ts';

const follow = `subscription ($after: String) {
  playbackStateChanged(after: $after) {
    kind cursor
    state {
      session { id device { id } track { id } positionMs paused }
      queue { revision items { track { id } } currentIndex }
    }
  }
}`;
interface Told {
  playbackStateChanged: {
    kind: string;
    cursor: string;
    state: {
      session: {
        id: string;
        device: { id: string };
        track: { id: string };
        positionMs: number;
        paused: boolean;
      } | null;
      queue: { revision: number; items: { track: { id: string } }[]; currentIndex: number | null };
    };
  };
}
const inputs = {
  Start: 'result { ... on PlaybackStarted { session { id } } }',
  TakeOver: 'result { ... on PlaybackStarted { session { id } } }',
  Heartbeat: 'status',
  Stop: 'stopped',
  QueueReplace: 'queue { revision }',
};

const tracks = Array.from({ length: 4 }, (_, n) => aTrack({ id: trackId(String(n)) }));
const device = (id: string) => ({ id, name: null });
const aStart = (id: string, track = 0) => ({
  ...{ trackId: trackId(String(track)), quality: 'LOW', device: device(id) },
});
const elsewhere = `user_${'w'.padStart(26, '0')}`;
const somebodyElse = asViewer({
  actor: { kind: 'viewer', id: elsewhere, sessionId: 'session_2', scopes: [] },
});

describe('following what an account plays', () => {
  let events: TestEventLog;
  const streams: TestStream<unknown>[] = [];
  const closing: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    events = await openTestEventLog();
    await events.log.admin.ensureTopics([playbackState]);
  });
  afterAll(async () => {
    await events.close();
  });
  afterEach(async () => {
    for (const stream of streams.splice(0)) stream.stop();
    for (const close of closing.splice(0)) await close();
  });

  async function open(options: Parameters<typeof openStreaming>[0] = {}) {
    const streaming = await openStreaming({ tracks, viewers: [aViewer()], ...options });
    const { ask, subscribe } = streaming;
    closing.push(() => streaming.notifier.stop());
    return {
      ...streaming,
      /** @returns the session that it began, if it did */
      async control(name: keyof typeof inputs, input: object): Promise<string> {
        const { data, errors } = await ask<{
          answer: { result?: { session?: { id: string } } };
        }>(
          `mutation ($input: Playback${name}Input!) { answer: playback${name}(input: $input) { ${inputs[name]} } }`.replace(
            'PlaybackTakeOverInput',
            'PlaybackStartInput',
          ),
          { input },
          asViewer(),
        );
        expect(errors).toBeUndefined();
        return data.answer.result?.session?.id ?? '';
      },
      async follow(after?: string, as = asViewer()) {
        const stream = await subscribe<Told>(follow, { after }, as);
        streams.push(stream);
        return stream;
      },
    };
  }

  async function tell(stream: TestStream<Told>) {
    const event = await stream.next();
    if (!event) throw new Error('the stream has ended');
    expect(event).toMatchObject({ replaces: true, cursor: event.data.playbackStateChanged.cursor });
    const { kind, cursor, state } = event.data.playbackStateChanged;
    const { session, queue } = state;
    return { kind, cursor, session, queue, device: session?.device.id ?? null };
  }

  it('tells how it is, and then of each device that begins, plays something else, takes over or ends', async () => {
    const player = await open();
    const stream = await player.follow();
    expect(await tell(stream)).toMatchObject({ kind: 'STARTED', session: null, queue: { revision: 0 } });

    const id = await player.control('Start', aStart('phone'));
    expect(await tell(stream)).toMatchObject({ kind: 'CHANGED', session: { id }, device: 'phone' });
    await player.control('Start', aStart('phone', 1));
    expect((await tell(stream)).session).toMatchObject({ id, track: { id: trackId('1') } });
    const taken = await player.control('TakeOver', aStart('tv', 1));
    expect(await tell(stream)).toMatchObject({ session: { id: taken }, device: 'tv' });
    await player.control('Stop', { sessionId: taken });
    expect(await tell(stream)).toMatchObject({ kind: 'CHANGED', session: null });
    await player.control('QueueReplace', { device: device('tv'), trackIds: [trackId('2'), trackId('3')] });
    expect((await tell(stream)).queue).toEqual({
      revision: 1,
      items: [{ track: { id: trackId('2') } }, { track: { id: trackId('3') } }],
      currentIndex: 0,
    });
  });

  it('tells of a heartbeat that pauses, goes on, jumps or has another track, and of none that plays on', async () => {
    const kept = createMemoryPlaybackSessions();
    let looks = 0;
    const player = await open({
      sessions: {
        ...kept,
        find(account) {
          looks += 1;
          return kept.find(account);
        },
      },
    });
    const sessionId = await player.control('Start', aStart('phone'));
    const stream = await player.follow();
    await tell(stream);
    const beat = (told: object) => player.control('Heartbeat', { sessionId, positionMs: 0, ...told });

    const next = tell(stream);
    const before = looks;
    await beat({ positionMs: 1_000 });
    player.notifier.notify([viewerId]);
    await expect.poll(() => looks).toBe(before + 1);
    await beat({ positionMs: 1_500, paused: true });
    expect((await next).session).toMatchObject({ positionMs: 1_500, paused: true });
    await beat({ positionMs: 1_500 });
    expect((await tell(stream)).session).toMatchObject({ paused: false });
    await beat({ positionMs: 90_000 });
    expect((await tell(stream)).session).toMatchObject({ positionMs: 90_000 });
    await beat({ positionMs: 0, trackId: trackId('2') });
    expect((await tell(stream)).session).toMatchObject({ track: { id: trackId('2') } });
  });

  it('shows the last state to who is busy, and none of those between', async () => {
    const player = await open();
    const stream = await player.follow();
    await tell(stream);
    for (const track of [1, 2, 3]) await player.control('Start', aStart('phone', track));
    expect((await tell(stream)).session?.track.id).toBe(trackId('3'));
    const next = tell(stream);
    await player.control('QueueReplace', { device: device('phone'), trackIds: [trackId('1')] });
    expect((await next).queue.revision).toBe(1);
  });

  it('tells when a session falls silent', async () => {
    const player = await open({
      sessions: createMemoryPlaybackSessions({ leaseMs: 1_000 }),
      clock: Date.now,
    });
    const stream = await player.follow();
    await tell(stream);
    await player.control('Start', aStart('phone'));
    expect((await tell(stream)).device).toBe('phone');
    expect(await tell(stream)).toMatchObject({ kind: 'CHANGED', session: null });
  });

  it('goes on after a cursor: at once when something changed since, else when something does', async () => {
    const player = await open();
    const sessionId = await player.control('Start', aStart('phone'));
    const { cursor } = await tell(await player.follow());
    const unchanged = await player.follow(cursor);
    const next = tell(unchanged);
    await player.control('Stop', { sessionId });
    const ended = await next;
    expect(ended).toMatchObject({ kind: 'CHANGED', session: null });
    expect(await tell(await player.follow(cursor))).toEqual(ended);

    const later = await player.follow(ended.cursor);
    const begun = tell(later);
    await player.control('Start', aStart('tv'));
    expect((await begun).device).toBe('tv');
  });

  it('says that there is a gap when the store has forgotten what was told', async () => {
    let kept = createMemoryPlaybackSessions();
    const forgetful = new Proxy({} as PlaybackSessions, { get: (_, name) => kept[name as 'find'] });
    const player = await open({ sessions: forgetful });
    await player.control('QueueReplace', { device: device('phone'), trackIds: [trackId('1')] });
    await player.control('Start', aStart('phone'));
    const stream = await player.follow();
    const before = await tell(stream);
    kept = createMemoryPlaybackSessions();
    const gap = { kind: 'GAP', session: null, queue: { revision: 0 } };
    expect(await tell(await player.follow(before.cursor))).toMatchObject(gap);
    player.notifier.notify([viewerId]);
    expect(await tell(stream)).toMatchObject(gap);
    await player.control('Start', aStart('tv'));
    expect(await tell(stream)).toMatchObject({ kind: 'CHANGED', device: 'tv' });
  });

  it('waits while sessions cannot be told, and goes on', async () => {
    const kept = createMemoryPlaybackSessions();
    let failures = 0;
    const player = await open({
      sessions: {
        ...kept,
        async find(account) {
          if (failures === 0) return kept.find(account);
          failures -= 1;
          throw new SessionsUnavailableError('Redis did not answer');
        },
      },
    });
    failures = 1;
    const stream = await player.follow();
    const started = tell(stream);
    await expect.poll(() => failures).toBe(0);
    expect(await started).toMatchObject({ kind: 'STARTED', session: null });
  });

  it('is told by one process of what happened on another', async () => {
    const sessions = createMemoryPlaybackSessions();
    const here = await open({
      sessions,
      offer(event) {
        const published = publishEvents(events.log, playbackState, [event]);
        closing.push(async () => void (await published));
      },
    });
    const there = await open({
      sessions,
      notifier: createChangeNotifier({
        ...{ log: events.log, topics: changeTopics, logger: silentLogger },
        recheckMs: 3_600_000,
      }),
    });
    const stream = await there.follow();
    await tell(stream);
    const told = tell(stream);
    const id = await here.control('Start', aStart('phone'));
    const { session, cursor } = await told;
    expect(session?.id).toBe(id);
    // Whichever process is asked next.
    const next = tell(await here.follow(cursor));
    await here.control('Stop', { sessionId: id });
    expect((await next).session).toBeNull();
  });

  it('is for the account itself', async () => {
    const player = await open();
    await player.control('Start', aStart('phone'));
    const { cursor } = await tell(await player.follow());
    expect((await tell(await player.follow(undefined, somebodyElse))).session).toBeNull();
    const codes = async (stream: TestStream<Told>) =>
      stream.refusal?.map(({ extensions }) => extensions.code);
    expect(await codes(await player.follow(undefined, {}))).toEqual(['UNAUTHENTICATED']);
    expect(await codes(await player.follow(cursor, somebodyElse))).toEqual(['BAD_USER_INPUT']);
    expect(await codes(await player.follow('nonsense'))).toEqual(['BAD_USER_INPUT']);
  });
});
