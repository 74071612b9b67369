import { randomUUID } from 'node:crypto';
import { connectRedis } from '@medley/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryThrottle } from '../../src/adapters/memory-throttle.ts';
import { createRedisThrottle } from '../../src/adapters/redis-throttle.ts';
import { type Limits, limits, type Throttle } from '../../src/domain/throttle.ts';

const small: Limits = { ...limits, signInByAccount: { attempts: 3, windowSeconds: 1 } };
const limit = 'signInByAccount';

interface Open {
  throttle: Throttle;
  close(): void;
}
const memory = async (): Promise<Open> => ({ throttle: createMemoryThrottle(small), close() {} });
const redis = (url: string) => async (): Promise<Open> => {
  const client = connectRedis({ url, commandTimeoutMs: 250, onLost: () => {} });
  await new Promise((resolve) => client.once('ready', resolve));
  return { throttle: createRedisThrottle(client, small), close: () => client.disconnect() };
};

const { TEST_REDIS_URL } = process.env;
if (!TEST_REDIS_URL) console.info('Throttle: Redis is left out, as TEST_REDIS_URL is not set.');

describe.each([
  ['in memory', memory],
  ...(TEST_REDIS_URL ? [['in Redis', redis(TEST_REDIS_URL)] as const] : []),
] as const)('a throttle %s', (_where, open) => {
  let opened: Open;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());

  it('lets so many attempts of a key through, and says how long the next has to wait', async () => {
    const { throttle } = opened;
    const key = randomUUID();
    for (let attempt = 0; attempt < 3; attempt++) expect(await throttle.take(limit, key)).toBe(0);
    const waitMs = await throttle.take(limit, key);
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(1_000);
    expect(await throttle.take(limit, randomUUID())).toBe(0);
    expect(await throttle.take('signInByAddress', key)).toBe(0);
  });

  it('counts attempts that come at once', async () => {
    const key = randomUUID();
    const waits = await Promise.all(Array.from({ length: 10 }, () => opened.throttle.take(limit, key)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(3);
  });

  it('begins again when the window has passed', async () => {
    const { throttle } = opened;
    const key = randomUUID();
    let waitMs = 0;
    while (waitMs === 0) waitMs = await throttle.take(limit, key);
    await new Promise((resolve) => setTimeout(resolve, waitMs + 50));
    expect(await throttle.take(limit, key)).toBe(0);
  });

  it('takes back an attempt, and forgets all of them', async () => {
    const { throttle } = opened;
    const key = randomUUID();
    for (let attempt = 0; attempt < 10; attempt++) {
      expect(await throttle.take(limit, key)).toBe(0);
      await throttle.giveBack(limit, key);
    }
    for (let attempt = 0; attempt < 5; attempt++) await throttle.take(limit, key);
    await throttle.clear(limit, key);
    expect(await throttle.take(limit, key)).toBe(0);
  });
});

describe('throttles of two processes with one Redis', () => {
  it('count together and forget together', async ({ skip }) => {
    if (!TEST_REDIS_URL) return skip('TEST_REDIS_URL names no Redis');
    const [one, other] = await Promise.all([redis(TEST_REDIS_URL)(), redis(TEST_REDIS_URL)()]);
    const key = randomUUID();
    for (const { throttle } of [one, other, one]) expect(await throttle.take(limit, key)).toBe(0);
    expect(await one.throttle.take(limit, key)).toBeGreaterThan(0);
    expect(await other.throttle.take(limit, key)).toBeGreaterThan(0);
    await one.throttle.clear(limit, key);
    expect(await other.throttle.take(limit, key)).toBe(0);
    one.close();
    other.close();
  });
});
