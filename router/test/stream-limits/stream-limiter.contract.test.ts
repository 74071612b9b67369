import { randomUUID } from 'node:crypto';
import { connectRedis } from '@medley/redis';
import { startTestRedis } from '@medley/testing/redis';
import { afterEach, describe, expect, it } from 'vitest';
import { createMemoryStreamLimiter, createRedisStreamLimiter, type StreamLimiter } from '../../src/app.ts';

const { TEST_REDIS_URL } = process.env;
if (!TEST_REDIS_URL) console.info('Stream limiter: Redis is left out, as TEST_REDIS_URL is not set.');

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function openRedis(url: string, leaseMs?: number) {
  const client = connectRedis({ url, commandTimeoutMs: 2_000, onLost: () => {} });
  closing.push(() => client.disconnect());
  await new Promise((resolve) => client.once('ready', resolve));
  const limiter = createRedisStreamLimiter(client, { leaseMs });
  closing.push(() => limiter.stop());
  return limiter;
}

async function takeAll(limiter: StreamLimiter, holder: string, tries: number, limit: number) {
  const slots = await Promise.all(Array.from({ length: tries }, () => limiter.take(holder, limit)));
  return slots.filter((slot) => slot !== undefined);
}

describe.each([
  ['in memory', async () => createMemoryStreamLimiter()],
  ...(TEST_REDIS_URL ? [['in Redis', () => openRedis(TEST_REDIS_URL)] as const] : []),
] as const)('a stream limiter %s', (_where, open) => {
  it('gives a holder as many slots as he has, also to those who come at once', async () => {
    const limiter = await open();
    const holder = randomUUID();
    expect(await takeAll(limiter, holder, 10, 3)).toHaveLength(3);
    expect(await takeAll(limiter, holder, 1, 3)).toHaveLength(0);
    expect(await takeAll(limiter, randomUUID(), 1, 3)).toHaveLength(1);
  });

  it('gives a slot to the next when it was given back, once', async () => {
    const limiter = await open();
    const holder = randomUUID();
    const [first] = await takeAll(limiter, holder, 2, 2);
    first?.();
    first?.();
    expect(await takeAll(limiter, holder, 2, 2)).toHaveLength(1);
  });

  it('gives all slots back when it stops', async () => {
    const limiter = await open();
    const holder = randomUUID();
    expect(await takeAll(limiter, holder, 2, 2)).toHaveLength(2);
    await limiter.stop();
    expect(await takeAll(await open(), holder, 2, 2)).toHaveLength(2);
  });
});

describe.runIf(TEST_REDIS_URL)('stream limiters with one Redis', () => {
  const url = TEST_REDIS_URL as string;

  it('count together', async () => {
    const [one, other] = await Promise.all([openRedis(url), openRedis(url)]);
    const holder = randomUUID();
    const [first] = await takeAll(one, holder, 2, 3);
    expect(await takeAll(other, holder, 3, 3)).toHaveLength(1);
    first?.();
    await expect.poll(() => other.take(holder, 3)).toBeDefined();
  });

  it('keep a slot while its process lives, and not when it died without a word', async () => {
    const lives = await openRedis(url, 300);
    const dies = await openRedis(url, 300);
    const holder = randomUUID();
    expect(await takeAll(lives, holder, 1, 2)).toHaveLength(1);
    // No renewal of a stopped one, and its slot is not given back.
    const client = connectRedis({ url, commandTimeoutMs: 2_000, onLost: () => {} });
    closing.push(() => client.disconnect());
    await new Promise((resolve) => client.once('ready', resolve));
    const dead = createRedisStreamLimiter(client, { leaseMs: 300 });
    expect(await takeAll(dead, holder, 1, 2)).toHaveLength(1);
    client.disconnect();
    await dead.stop();
    expect(await takeAll(dies, holder, 1, 2)).toHaveLength(0);
    await expect.poll(() => dies.take(holder, 2)).toBeDefined();
    expect(await takeAll(dies, holder, 1, 2)).toHaveLength(0);
  });
});

describe('a stream limiter whose Redis is away', () => {
  it('counts by itself, and together again when it is back', { timeout: 20_000 }, async ({ skip }) => {
    const redis = await startTestRedis();
    if (!redis) return skip('there is no redis-server on this machine');
    closing.push(() => redis.kill());
    const [one, other] = await Promise.all([openRedis(redis.url, 600), openRedis(redis.url, 600)]);
    const holder = randomUUID();
    await redis.kill();
    expect(await takeAll(one, holder, 5, 3)).toHaveLength(3);
    expect(await takeAll(other, holder, 2, 3)).toHaveLength(2);
    await redis.start();
    const fresh = await openRedis(redis.url, 600);
    await expect.poll(() => probe(fresh, holder), { timeout: 10_000 }).toBe('full');
  });
});

/** Whether five slots are taken, without taking one. */
async function probe(limiter: StreamLimiter, holder: string) {
  const release = await limiter.take(holder, 5);
  release?.();
  return release ? 'free' : 'full';
}
