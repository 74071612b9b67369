import { startTestRedis, type TestRedis } from '@medley/testing/redis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectRedis } from '../src/index.ts';

const server = await startTestRedis();
if (!server) console.info('connectRedis: left out, as there is no redis-server here.');

describe.skipIf(!server)('a connection to Redis', () => {
  const redis = server as TestRedis;
  const told: string[] = [];
  const closing: (() => unknown)[] = [];
  const connect = (commandTimeoutMs = 1_000) => {
    const client = connectRedis({
      url: redis.url,
      commandTimeoutMs,
      onLost: () => told.push('lost'),
      onBack: () => told.push('back'),
    });
    closing.push(() => client.disconnect());
    return client;
  };

  beforeEach(() => redis.kill().then(() => redis.start()));
  afterEach(async () => {
    for (const close of closing.splice(0)) close();
    await redis.kill();
    told.length = 0;
  });

  it('refuses commands at once while there is none, tells so once, and uses it when it is back', async () => {
    await redis.kill();
    const client = connect();
    await expect(client.get('a')).rejects.toThrow();
    await expect.poll(() => told).toEqual(['lost']);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(told).toEqual(['lost']);
    await redis.start();
    await expect.poll(() => told).toEqual(['lost', 'back']);
    expect(await client.set('a', '1')).toBe('OK');
  });

  it('gives up a command that takes too long', async () => {
    const client = connect(50);
    await expect.poll(() => client.status).toBe('ready');
    redis.pause();
    const started = performance.now();
    await expect(client.get('a')).rejects.toThrow('timed out');
    expect(performance.now() - started).toBeLessThan(1_000);
    redis.resume();
    await expect.poll(() => client.get('a').catch(() => 'failed')).toBe(null);
  });

  it('does not send a command again whose answer was lost', async () => {
    const client = connect();
    await expect.poll(() => client.status).toBe('ready');
    redis.pause();
    const stale = client.set('a', 'stale').catch(() => 'lost');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await redis.kill();
    expect(await stale).toBe('lost');
    await redis.start();
    await expect.poll(() => client.status).toBe('ready');
    expect(await client.get('a')).toBe(null);
  });
});
