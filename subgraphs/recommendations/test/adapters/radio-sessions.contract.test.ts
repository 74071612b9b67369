import { randomUUID } from 'node:crypto';
import { connectRedis } from '@medley/redis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createMemoryRadioSessions } from '../../src/adapters/memory-radio-sessions.ts';
import { rememberHere } from '../../src/adapters/open-radio-sessions.ts';
import { createRedisRadioSessions } from '../../src/adapters/redis-radio-sessions.ts';
import { type RadioItem, type RadioSessions, radioMemory } from '../../src/domain/radio-sessions.ts';

const { TEST_REDIS_URL } = process.env;
if (!TEST_REDIS_URL) console.info('Radios: Redis is left out, as TEST_REDIS_URL is not set.');

interface Opened {
  readonly sessions: RadioSessions;
  close(): void;
}

async function openRedis(url: string): Promise<Opened> {
  // A machine that is busy with other tests must not look like a slow Redis.
  const client = connectRedis({ url, commandTimeoutMs: 5_000, onLost() {} });
  await vi.waitUntil(() => client.status === 'ready', { timeout: 20_000 });
  const keyPrefix = `test:${randomUUID()}:`;
  return { sessions: createRedisRadioSessions({ client, keyPrefix }), close: () => client.disconnect() };
}

const beganAt = new Date('2026-11-23T12:00:00.000Z');
const item = (trackId: string): RadioItem => ({
  trackId,
  reason: 'LISTENED_TOGETHER',
  because: { kind: 'TRACK', id: 'seed' },
  source: 'LIVE',
  modelled: true,
});
const items = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => item(`t${from + index}`));

describe.each<readonly [string, () => Promise<Opened>]>([
  ['in memory', async () => ({ sessions: createMemoryRadioSessions(), close() {} })],
  ...(TEST_REDIS_URL ? ([['in Redis', () => openRedis(TEST_REDIS_URL)]] as const) : []),
])('radios %s', (_, open) => {
  let opened: Opened;
  let sessions: RadioSessions;
  beforeAll(async () => {
    opened = await open();
    sessions = opened.sessions;
  });
  afterAll(() => opened.close());

  it('are not there before they begin', async () => {
    expect(await sessions.find(randomUUID())).toBeNull();
  });

  it('remember what they served, in the order of playing, as it was served', async () => {
    const id = randomUUID();
    const first = [item('a'), { ...item('b'), because: null, modelled: false, source: 'POPULAR' as const }];
    await sessions.append(id, { at: 0, beganAt, items: first });
    const later = new Date('2026-11-23T13:00:00.000Z');
    const session = await sessions.append(id, { at: 2, beganAt: later, items: [item('c')] });
    expect(session).toEqual({ beganAt, from: 0, served: 3, items: [...first, item('c')] });
    expect(await sessions.find(id)).toEqual(session);
  });

  it('take what comes next from one only, and show it to all', async () => {
    const id = randomUUID();
    await sessions.append(id, { at: 0, beganAt, items: items(0, 5) });
    const answers = await Promise.all(
      ['x', 'y', 'z'].map((name) => sessions.append(id, { at: 5, beganAt, items: [item(name)] })),
    );
    const last = answers.map((session) => session.items[5]?.trackId);
    expect(new Set(last).size).toBe(1);
    expect((await sessions.find(id))?.served).toBe(6);
  });

  it('add nothing at a place that they have left behind', async () => {
    const id = randomUUID();
    await sessions.append(id, { at: 0, beganAt, items: items(0, 5) });
    for (const at of [0, 4])
      expect(await sessions.append(id, { at, beganAt, items: [item('x')] })).toMatchObject({
        served: 5,
        from: 0,
      });
  });

  it('go on from where they were when they were forgotten', async () => {
    const id = randomUUID();
    const session = await sessions.append(id, { at: 40, beganAt, items: items(40, 50) });
    expect(session).toEqual({ beganAt, from: 40, served: 50, items: items(40, 50) });
    expect((await sessions.append(id, { at: 50, beganAt, items: items(50, 60) })).served).toBe(60);
    const later = new Date('2026-11-23T13:00:00.000Z');
    const further = await sessions.append(id, { at: 70, beganAt: later, items: items(70, 75) });
    expect(further).toEqual({ beganAt, from: 70, served: 75, items: items(70, 75) });
  });

  it('remember the last thousand, and where these stand', async () => {
    const id = randomUUID();
    for (let at = 0; at < radioMemory + 250; at += 50)
      await sessions.append(id, { at, beganAt, items: items(at, at + 50) });
    const session = await sessions.find(id);
    expect(session).toMatchObject({ beganAt, from: 250, served: radioMemory + 250 });
    expect(session?.items).toEqual(items(250, radioMemory + 250));
  });
});

describe('radios in memory', () => {
  it('are forgotten twelve hours after they served their last track', async () => {
    let now = 0;
    const sessions = createMemoryRadioSessions({ clock: () => now });
    await sessions.append('radio', { at: 0, beganAt, items: items(0, 1) });
    now = 11 * 3_600_000;
    await sessions.append('radio', { at: 1, beganAt, items: items(1, 2) });
    now = 22 * 3_600_000;
    expect(await sessions.find('radio')).not.toBeNull();
    now = 23 * 3_600_000 + 1;
    expect(await sessions.find('radio')).toBeNull();
  });

  it('are bounded: those that were listened to the longest ago go first', async () => {
    const sessions = createMemoryRadioSessions({ capacity: 2 });
    for (const id of ['one', 'two']) await sessions.append(id, { at: 0, beganAt, items: items(0, 1) });
    await sessions.find('one');
    await sessions.append('three', { at: 0, beganAt, items: items(0, 1) });
    expect(await sessions.find('two')).toBeNull();
    expect(await sessions.find('one')).not.toBeNull();
  });
});

describe('radios while Redis is away', () => {
  it('are remembered here, and found again there when it is back', async () => {
    const there = createMemoryRadioSessions();
    let away = false;
    const orAway = <Answer>(asked: () => Promise<Answer>) =>
      away ? Promise.reject(new Error('away')) : asked();
    const sessions = rememberHere(
      {
        find: (id) => orAway(() => there.find(id)),
        append: (id, added) => orAway(() => there.append(id, added)),
      },
      createMemoryRadioSessions(),
    );
    const append = (at: number) => sessions.append('radio', { at, beganAt, items: items(at, at + 10) });
    await append(0);
    away = true;
    await append(10);
    expect((await append(20)).served).toBe(30);
    away = false;
    expect((await sessions.find('radio'))?.served).toBe(30);
    expect((await append(30)).served).toBe(40);
    expect((await sessions.find('radio'))?.served).toBe(40);
  });
});

describe.skipIf(!TEST_REDIS_URL)('radios in Redis', () => {
  it('go twelve hours after they served their last track, and what cannot be read is forgotten', async () => {
    const client = connectRedis({ url: TEST_REDIS_URL as string, commandTimeoutMs: 5_000, onLost() {} });
    await vi.waitUntil(() => client.status === 'ready', { timeout: 20_000 });
    const keyPrefix = `test:${randomUUID()}:`;
    const sessions = createRedisRadioSessions({ client, keyPrefix });
    await sessions.append('radio', { at: 0, beganAt, items: items(0, 1) });
    const left = await client.pttl(`${keyPrefix}radio`);
    expect(left).toBeGreaterThan(11.9 * 3_600_000);
    expect(left).toBeLessThanOrEqual(12 * 3_600_000);
    await client.rpush(`${keyPrefix}radio`, '{"of": "another version"}');
    expect(await sessions.find('radio')).toBeNull();
    client.disconnect();
  });
});
