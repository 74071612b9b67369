import { randomUUID } from 'node:crypto';
import { connectRedis } from '@medley/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryRateLimiter, createRedisRateLimiter, type RateLimiter } from '../../src/app.ts';

const policy = { requests: 3, windowSeconds: 1 };

interface Open {
  limiter: RateLimiter;
  close(): void;
}
const memory = async (): Promise<Open> => ({ limiter: createMemoryRateLimiter(policy), close() {} });
const redis = (url: string) => async (): Promise<Open> => {
  const client = connectRedis({ url, commandTimeoutMs: 2_000, onLost: () => {} });
  await new Promise((resolve) => client.once('ready', resolve));
  return { limiter: createRedisRateLimiter(client, policy), close: () => client.disconnect() };
};

const { TEST_REDIS_URL } = process.env;
if (!TEST_REDIS_URL) console.info('Rate limiter: Redis is left out, as TEST_REDIS_URL is not set.');

describe.each([
  ['in memory', memory],
  ...(TEST_REDIS_URL ? [['in Redis', redis(TEST_REDIS_URL)] as const] : []),
] as const)('a rate limiter %s', (_where, open) => {
  let opened: Open;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());

  it('lets so many requests of a key through, and says how many are left and until when', async () => {
    const key = randomUUID();
    const states = [];
    for (let request = 0; request < 5; request++) states.push(await opened.limiter.take(key));
    expect(states.map(({ allowed }) => allowed)).toEqual([true, true, true, false, false]);
    expect(states.map(({ remaining }) => remaining)).toEqual([2, 1, 0, 0, 0]);
    for (const { resetMs } of states) {
      expect(resetMs).toBeGreaterThan(0);
      expect(resetMs).toBeLessThanOrEqual(1_000);
    }
    expect((await opened.limiter.take(randomUUID())).allowed).toBe(true);
  });

  it('counts requests that come at once', async () => {
    const key = randomUUID();
    const states = await Promise.all(Array.from({ length: 10 }, () => opened.limiter.take(key)));
    expect(states.filter(({ allowed }) => allowed)).toHaveLength(3);
  });

  it('begins again when the window has passed', async () => {
    const key = randomUUID();
    let state = await opened.limiter.take(key);
    while (state.allowed) state = await opened.limiter.take(key);
    await new Promise((resolve) => setTimeout(resolve, state.resetMs + 50));
    expect(await opened.limiter.take(key)).toMatchObject({ allowed: true, remaining: 2 });
  });
});

describe('rate limiters of two replicas with one Redis', () => {
  it('count together', async ({ skip }) => {
    if (!TEST_REDIS_URL) return skip('TEST_REDIS_URL names no Redis');
    const replicas = await Promise.all([redis(TEST_REDIS_URL)(), redis(TEST_REDIS_URL)()]);
    const key = randomUUID();
    const states = [];
    for (let request = 0; request < 4; request++) states.push(await replicas[request % 2]?.limiter.take(key));
    expect(states.map((state) => state?.allowed)).toEqual([true, true, true, false]);
    for (const { close } of replicas) close();
  });
});
