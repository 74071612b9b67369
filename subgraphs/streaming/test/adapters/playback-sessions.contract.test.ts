import { randomUUID } from 'node:crypto';
import { encodeId, newUuid } from '@medley/ids';
import { connectRedis } from '@medley/redis';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryPlaybackSessions } from '../../src/adapters/memory-playback-sessions.ts';
import { createRedisPlaybackSessions } from '../../src/adapters/redis-playback-sessions.ts';
import type { SessionTimes } from '../../src/adapters/session-times.ts';
import type { PlaybackContext } from '../../src/domain/playback-context.ts';
import { emptyQueue, type QueueContent } from '../../src/domain/playback-queue.ts';
import type { Claim, PlaybackSessions } from '../../src/domain/playback-sessions.ts';
import { trackId } from '../cases.ts';

const { TEST_REDIS_URL } = process.env;
if (!TEST_REDIS_URL) console.info('PlaybackSessions: Redis is left out, as TEST_REDIS_URL is not set.');

/** `elsewhere`: the same, as another process has it. */
type Open = (times?: Partial<SessionTimes>) => {
  sessions: PlaybackSessions;
  elsewhere: PlaybackSessions;
  close: () => void;
};

const inMemory: Open = (times) => {
  const sessions = createMemoryPlaybackSessions(times);
  return { sessions, elsewhere: sessions, close: () => {} };
};

const inRedis =
  (url: string): Open =>
  (times) => {
    const prefix = `test:${randomUUID()}`;
    // A machine that is busy with other tests must not look like a slow Redis.
    const connect = () => connectRedis({ url, commandTimeoutMs: 5_000, onLost: () => {} });
    const clients = [connect(), connect()] as const;
    const [sessions, elsewhere] = clients.map((client) =>
      createRedisPlaybackSessions({ client, prefix, ...times }),
    ) as [PlaybackSessions, PlaybackSessions];
    return { sessions, elsewhere, close: () => clients.map((client) => client.disconnect()) };
  };

const newSessionId = () => encodeId('session', newUuid());

const claimBy = (device: string, claim: Partial<Claim> = {}): Claim => ({
  sessionId: newSessionId(),
  device: { id: device, name: null },
  trackId: trackId('1'),
  positionMs: 0,
  context: null,
  ...claim,
});

const beat = (sessionId: string, told: { trackId?: string; positionMs?: number; paused?: boolean } = {}) => ({
  ...{ sessionId, positionMs: 1_000, paused: false, trackId: null },
  ...told,
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each<readonly [string, Open]>([
  ['in memory', inMemory],
  ...(TEST_REDIS_URL ? [['in Redis', inRedis(TEST_REDIS_URL)] as const] : []),
])('playback sessions %s', (_where, open) => {
  let sessions: PlaybackSessions;
  let elsewhere: PlaybackSessions;
  let close: () => void;
  let account: string;
  beforeAll(async () => {
    ({ sessions, elsewhere, close } = open());
    await vi.waitFor(() => Promise.all([sessions.find('nobody'), elsewhere.find('nobody')]), {
      timeout: 20_000,
    });
  });
  afterAll(() => close());
  beforeEach(() => {
    account = encodeId('user', newUuid());
  });

  /** One process or the other. */
  const somewhere = (n: number) => (n % 2 === 0 ? sessions : elsewhere);

  const startOn = async (device: string, claim: Partial<Claim> = {}) => {
    const outcome = await sessions.start(account, claimBy(device, claim));
    if (outcome.outcome === 'REFUSED') throw new Error('refused');
    return outcome.session;
  };

  describe('the stream', () => {
    it('goes to the device that asks for it first, with all that it told', async () => {
      const context: PlaybackContext = { kind: 'ALBUM', id: 'album_1' };
      const device = { id: 'phone', name: 'Telefon der Küche 🎵' };
      const claim = claimBy('phone', { device, context, positionMs: 1_234.5, trackId: trackId('7') });
      const before = Date.now();
      const { outcome, ...told } = await sessions.start(account, claim);
      expect({ outcome, ...told }).toEqual({
        outcome: 'STARTED',
        replaced: null,
        session: {
          id: claim.sessionId,
          epoch: expect.any(Number),
          revision: 1,
          device,
          context,
          trackId: trackId('7'),
          positionMs: 1_234.5,
          paused: false,
          startedAt: expect.any(Date),
          expiresAt: expect.any(Date),
        },
      });
      const found = await sessions.find(account);
      expect(found).toEqual((told as { session: unknown }).session);
      expect(Math.abs((found?.startedAt.getTime() ?? 0) - before)).toBeLessThan(5_000);
      expect((found?.expiresAt.getTime() ?? 0) - (found?.startedAt.getTime() ?? 0)).toBe(45_000);
    });

    it('is refused to another device, which learns who has it', async () => {
      const session = await startOn('phone', { device: { id: 'phone', name: 'Kitchen' } });
      const refused = await sessions.start(account, claimBy('tv'));
      expect(refused).toEqual({ outcome: 'REFUSED', holder: session });
      expect(await sessions.find(account)).toEqual(session);
    });

    it('stays with its device when that plays another track, in the same session', async () => {
      const first = await startOn('phone');
      await sessions.heartbeat(account, beat(first.id, { paused: true }));
      const context: PlaybackContext = { kind: 'QUEUE', id: null };
      const claim = claimBy('phone', { trackId: trackId('2'), context, positionMs: 7 });
      const outcome = await sessions.start(account, claim);
      const { expiresAt, ...rest } = first;
      expect(outcome).toMatchObject({
        outcome: 'CONTINUED',
        session: { ...rest, revision: 3, trackId: trackId('2'), context, positionMs: 7, paused: false },
      });
      expect(await sessions.takeOver(account, claimBy('phone'))).toMatchObject({
        outcome: 'CONTINUED',
        session: { id: first.id, epoch: first.epoch, startedAt: first.startedAt },
      });
    });

    it('is free when it was let go', async () => {
      const first = await startOn('phone');
      expect(await sessions.stop(account, first.id)).toEqual(first);
      expect(await sessions.find(account)).toBeNull();
      const second = await startOn('tv');
      expect(second.epoch).toBeGreaterThan(first.epoch);
    });

    it('goes to exactly one of a hundred devices that ask at once', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 100 }, (_, n) => somewhere(n).start(account, claimBy(`device-${n}`))),
      );
      const started = outcomes.filter(({ outcome }) => outcome === 'STARTED');
      expect(started).toHaveLength(1);
      const holder = (started[0] as { session: unknown }).session;
      const refused = outcomes.filter(({ outcome }) => outcome === 'REFUSED');
      expect(refused).toHaveLength(99);
      expect(new Set(refused.map((outcome) => JSON.stringify(outcome)))).toEqual(
        new Set([JSON.stringify({ outcome: 'REFUSED', holder })]),
      );
      expect(await sessions.find(account)).toEqual(holder);
    });

    it('is one per account, and of no concern to others', async () => {
      const mine = await startOn('phone');
      const other = encodeId('user', newUuid());
      await expect(sessions.start(other, claimBy('tv'))).resolves.toMatchObject({ outcome: 'STARTED' });
      expect(await sessions.heartbeat(other, beat(mine.id))).toEqual({ outcome: 'ENDED' });
      expect(await sessions.stop(other, mine.id)).toBeNull();
      expect(await sessions.find(account)).toEqual(mine);
    });
  });

  describe('taking over', () => {
    it('moves the stream, raises the epoch and tells the old device who plays', async () => {
      const old = await startOn('phone');
      const claim = claimBy('tv', { device: { id: 'tv', name: 'Living room' } });
      const taken = await sessions.takeOver(account, claim);
      expect(taken).toMatchObject({ outcome: 'STARTED', session: { id: claim.sessionId }, replaced: old });
      expect(taken.session.epoch).toBeGreaterThan(old.epoch);
      expect(await sessions.heartbeat(account, beat(old.id))).toEqual({
        outcome: 'TAKEN_OVER',
        by: { id: 'tv', name: 'Living room' },
      });
      expect(await sessions.find(account)).toEqual(taken.session);
      await sessions.stop(account, claim.sessionId);
      expect(await sessions.heartbeat(account, beat(old.id))).toEqual({ outcome: 'TAKEN_OVER', by: null });
    });

    it('of nothing is starting', async () => {
      expect(await sessions.takeOver(account, claimBy('tv'))).toMatchObject({
        outcome: 'STARTED',
        replaced: null,
      });
    });

    it('beats the heartbeats of the old device, however they cross', async () => {
      const old = await startOn('phone');
      const [taken, ...beats] = await Promise.all([
        sessions.takeOver(account, claimBy('tv')),
        ...Array.from({ length: 20 }, () => elsewhere.heartbeat(account, beat(old.id))),
      ]);
      // After the first TAKEN_OVER nothing is ACTIVE again.
      const told = beats.map(({ outcome }) => outcome).join(' ');
      expect(told).toMatch(/^(ACTIVE ?)*(TAKEN_OVER ?)*$/);
      expect(await sessions.find(account)).toEqual(taken.session);
    });

    it('by a hundred devices at once leaves one, epochs that rise, and each other told', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 100 }, (_, n) => somewhere(n).takeOver(account, claimBy(`device-${n}`))),
      );
      outcomes.sort((left, right) => left.session.epoch - right.session.epoch);
      expect(new Set(outcomes.map(({ session }) => session.epoch)).size).toBe(100);
      expect(await sessions.find(account)).toEqual(outcomes.at(-1)?.session);
      // The last twenty are remembered: more would let one account fill the store.
      const told = await Promise.all(
        outcomes.map(({ session }) => sessions.heartbeat(account, beat(session.id))),
      );
      expect(told.map(({ outcome }) => outcome)).toEqual([
        ...Array(79).fill('ENDED'),
        ...Array(20).fill('TAKEN_OVER'),
        'ACTIVE',
      ]);
    });
  });

  describe('a sign of life', () => {
    it('says where the device is, and what it plays now', async () => {
      const session = await startOn('phone');
      const outcome = await sessions.heartbeat(
        account,
        beat(session.id, { positionMs: 61_000, paused: true, trackId: trackId('2') }),
      );
      expect(outcome).toMatchObject({
        outcome: 'ACTIVE',
        changed: true,
        session: { id: session.id, positionMs: 61_000, paused: true, trackId: trackId('2') },
      });
      expect(await sessions.heartbeat(account, beat(session.id))).toMatchObject({
        changed: true,
        session: { trackId: trackId('2'), paused: false, positionMs: 1_000 },
      });
    });

    it('raises the revision when it plays another track, pauses, goes on or jumps, and not while it plays on', async () => {
      const { id } = await startOn('phone', { positionMs: 10_000 });
      const told = [
        { positionMs: 11_500 },
        { positionMs: 12_500, trackId: trackId('1') },
        { positionMs: 13_000, trackId: trackId('2') },
        { positionMs: 13_000, paused: true },
        { positionMs: 13_000, paused: true },
        { positionMs: 60_000, paused: true },
        { positionMs: 60_000, paused: false },
        { positionMs: 20_000, paused: false },
      ];
      const revisions: unknown[] = [];
      for (const part of told) {
        const outcome = await sessions.heartbeat(account, beat(id, part));
        revisions.push(outcome.outcome === 'ACTIVE' && [outcome.changed, outcome.session.revision]);
      }
      expect(revisions).toEqual([
        [false, 1],
        [false, 1],
        [true, 2],
        [true, 3],
        [false, 3],
        [true, 4],
        [true, 5],
        [true, 6],
      ]);
      expect((await elsewhere.find(account))?.revision).toBe(6);
    });

    it('of a session that was stopped, or that never was, tells that it ended', async () => {
      const session = await startOn('phone');
      await sessions.stop(account, session.id);
      expect(await sessions.heartbeat(account, beat(session.id))).toEqual({ outcome: 'ENDED' });
      expect(await sessions.heartbeat(account, beat(newSessionId()))).toEqual({ outcome: 'ENDED' });
    });
  });

  it('stopping another session than the one that holds the stream changes nothing', async () => {
    const old = await startOn('phone');
    const { session } = await sessions.takeOver(account, claimBy('tv'));
    expect(await sessions.stop(account, old.id)).toBeNull();
    expect(await sessions.stop(account, newSessionId())).toBeNull();
    expect(await sessions.find(account)).toEqual(session);
    expect(await sessions.heartbeat(account, beat(old.id))).toMatchObject({ outcome: 'TAKEN_OVER' });
  });

  describe('a lease', () => {
    let short: PlaybackSessions;
    let closeShort: () => void;
    beforeAll(async () => {
      ({ sessions: short, close: closeShort } = open({ leaseMs: 300, rememberMs: 600 }));
      await vi.waitFor(() => short.find('nobody'), { timeout: 20_000 });
    });
    afterAll(() => closeShort());

    it('ends when its device is silent, and cannot be revived', async () => {
      const { session } = await short.takeOver(account, claimBy('phone'));
      await expect.poll(() => short.find(account)).toBeNull();
      expect(await short.heartbeat(account, beat(session.id))).toEqual({ outcome: 'ENDED' });
      expect(await short.stop(account, session.id)).toBeNull();
      const next = await short.start(account, claimBy('tv'));
      expect(next).toMatchObject({ outcome: 'STARTED', replaced: null });
    });

    it('goes on while there are signs of life', async () => {
      const { session } = await short.takeOver(account, claimBy('phone'));
      for (let n = 0; n < 5; n++) {
        await pause(100);
        const told = await short.heartbeat(account, beat(session.id));
        expect(told).toMatchObject({ outcome: 'ACTIVE', session: { epoch: session.epoch } });
      }
    });

    it('that ran out unnoticed and went to another device was taken over, for who asks', async () => {
      const { session } = await short.takeOver(account, claimBy('phone'));
      await expect.poll(() => short.find(account)).toBeNull();
      const next = await short.start(account, claimBy('tv'));
      expect((next as typeof next & { session: { epoch: number } }).session.epoch).toBeGreaterThan(
        session.epoch,
      );
      expect(await short.heartbeat(account, beat(session.id))).toMatchObject({
        outcome: 'TAKEN_OVER',
        by: { id: 'tv' },
      });
    });

    it('that ran out and was taken up again by its own device has ended', async () => {
      const { session } = await short.takeOver(account, claimBy('phone'));
      await expect.poll(() => short.find(account)).toBeNull();
      const next = await short.start(account, claimBy('phone'));
      expect(next).toMatchObject({ outcome: 'STARTED', replaced: null });
      expect(await short.heartbeat(account, beat(session.id))).toEqual({ outcome: 'ENDED' });
    });

    it('that ran out and was stopped then gave way to nobody', async () => {
      const { session } = await short.takeOver(account, claimBy('phone'));
      await expect.poll(() => short.find(account)).toBeNull();
      expect(await short.stop(account, session.id)).toBeNull();
      await short.start(account, claimBy('tv'));
      expect(await short.heartbeat(account, beat(session.id))).toEqual({ outcome: 'ENDED' });
    });

    it('that was taken over is remembered for a while, and no longer', async () => {
      const { session } = await short.takeOver(account, claimBy('phone'));
      await short.takeOver(account, claimBy('tv'));
      const ask = async () => (await short.heartbeat(account, beat(session.id))).outcome;
      expect(await ask()).toBe('TAKEN_OVER');
      // Others that are displaced meanwhile do not keep it.
      await pause(400);
      await short.takeOver(account, claimBy('laptop'));
      await pause(300);
      expect(await ask()).toBe('ENDED');
    });
  });

  describe('the queue', () => {
    const content = (count: number, change: Partial<QueueContent> = {}): QueueContent => ({
      trackIds: Array.from({ length: count }, (_, n) => trackId(String(n))),
      currentIndex: count > 0 ? 0 : null,
      positionMs: 0,
      context: null,
      ...change,
    });
    const device = { id: 'phone', name: 'Kitchen' };
    const replace = (wanted: QueueContent, ifRevision: number | null = null, where = sessions) =>
      where.replaceQueue(account, { content: wanted, device, ifRevision });

    it('is empty at first, with the revision 0', async () => {
      expect(await sessions.readQueue(account)).toEqual(emptyQueue);
    });

    it('is replaced as a whole, with a revision that rises', async () => {
      const context: PlaybackContext = { kind: 'PLAYLIST', id: 'playlist_1' };
      const wanted = content(500, { currentIndex: 499, positionMs: 1.5, context });
      const first = await replace(wanted);
      expect(first).toEqual({
        replaced: true,
        queue: { ...wanted, revision: 1, updatedAt: expect.any(Date), updatedBy: device },
      });
      expect(await sessions.readQueue(account)).toEqual(first.queue);
      expect((await replace(content(0))).queue).toMatchObject({
        revision: 2,
        trackIds: [],
        currentIndex: null,
      });
    });

    it('is left as it is when it has another revision than its device thinks', async () => {
      const { queue } = await replace(content(2));
      expect(await replace(content(1), 0)).toEqual({ replaced: false, queue });
      expect(await replace(content(1), 7)).toEqual({ replaced: false, queue });
      expect(await replace(content(1), 1)).toMatchObject({ replaced: true, queue: { revision: 2 } });
    });

    it('is changed by exactly one of a hundred who saw the same revision', async () => {
      expect(await replace(content(1), 3)).toEqual({ replaced: false, queue: emptyQueue });
      const outcomes = await Promise.all(
        Array.from({ length: 100 }, (_, n) => replace(content(3, { positionMs: n }), 0, somewhere(n))),
      );
      const done = outcomes.filter(({ replaced }) => replaced);
      expect(done).toHaveLength(1);
      const { queue } = done[0] as (typeof outcomes)[number];
      expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome.queue)))).toEqual(
        new Set([JSON.stringify(queue)]),
      );
      expect(queue.revision).toBe(1);
    });

    it('is changed by each of a hundred who do not ask for a revision', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 100 }, (_, n) => replace(content(1), null, somewhere(n))),
      );
      const revisions = outcomes.map(({ queue }) => queue.revision).sort((left, right) => left - right);
      expect(revisions).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    });

    it('outlives the session', async () => {
      const { queue } = await replace(content(2));
      const session = await startOn('phone');
      await sessions.stop(account, session.id);
      expect(await sessions.readQueue(account)).toEqual(queue);
    });

    it('is forgotten when nobody changes it for long', async () => {
      const brief = open({ queueMs: 300 });
      const wanted = { content: content(2), device, ifRevision: null };
      await expect
        .poll(() => brief.sessions.replaceQueue(account, wanted).catch(() => 'not yet'))
        .toMatchObject({ replaced: true });
      await expect.poll(() => brief.sessions.readQueue(account)).toEqual(emptyQueue);
      brief.close();
    });
  });
});
