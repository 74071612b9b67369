import { randomUUID } from 'node:crypto';
import { type Cache, createMemoryCache, createRedisCache, openCache } from '@medley/cache';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createCachedRecentReports } from '../../src/adapters/cached-recent-reports.ts';
import { judgeReport } from '../../src/domain/judge-report.ts';
import type { HashedPlay, RecentReports } from '../../src/domain/report-ports.ts';
import { now } from '../cases.ts';
import { aGrant, aReportedPlay } from '../reported-plays.ts';

const { TEST_REDIS_URL } = process.env;
if (!TEST_REDIS_URL) console.info('Recent reports: Redis is left out, as TEST_REDIS_URL is not set.');

/** A play of a listener of its own, with this hash. */
function aHashedPlay(contentHash: string, userId = `user_${randomUUID()}`): HashedPlay {
  const grant = aGrant({ viewerId: userId });
  const circumstances = { grant, viewerId: userId, deviceId: null, receivedAt: now, clockOffsetMs: 0 };
  const { accepted } = judgeReport(aReportedPlay({ id: randomUUID() }), circumstances);
  if (!accepted) throw new Error('the play was rejected');
  return { play: accepted, contentHash };
}

describe.each<readonly [string, () => Cache]>([
  ['in memory', () => createMemoryCache({ maxBytes: 1_000_000 })],
  ...(TEST_REDIS_URL
    ? ([
        // A machine that is busy with other tests must not look like a slow Redis.
        ['in Redis', () => createRedisCache({ url: TEST_REDIS_URL, timeoutMs: 5_000, onLost() {} })],
      ] as const)
    : []),
])('reports that are remembered %s', (_, open) => {
  let cache: Cache;
  let recent: RecentReports;
  beforeAll(async () => {
    cache = open();
    recent = createCachedRecentReports(cache);
    await vi.waitUntil(() => cache.deleteMany([randomUUID()]), { timeout: 20_000 });
  });
  afterAll(() => cache.close());

  it('are found by listener and id, in the order that is asked for', async () => {
    const [first, second] = [aHashedPlay('one'), aHashedPlay('two')];
    const another = aHashedPlay('three', first.play.userId);
    recent.remember([first, second, another]);
    const ids = [another.play.id, randomUUID(), first.play.id, second.play.id];
    await expect.poll(() => recent.find(first.play.userId, ids)).toEqual(['three', null, 'one', null]);
    expect(await recent.find(second.play.userId, ids)).toEqual([null, null, null, 'two']);
  });

  it('are a hundred at once, or none', async () => {
    const userId = `user_${randomUUID()}`;
    const plays = Array.from({ length: 100 }, (_, index) => aHashedPlay(`h${index}`, userId));
    recent.remember(plays);
    recent.remember([]);
    const ids = plays.map(({ play }) => play.id);
    await expect.poll(() => recent.find(userId, ids)).toEqual(plays.map(({ contentHash }) => contentHash));
    expect(await recent.find(userId, [])).toEqual([]);
  });
});

describe('reports while Redis is away', () => {
  it('are not known, and nobody waits', async () => {
    const lost = vi.fn();
    const cache = openCache({ memoryBytes: 1, redisUrl: 'redis://127.0.0.1:1', onLost: lost });
    const recent = createCachedRecentReports(cache);
    const play = aHashedPlay('one');
    recent.remember([play]);
    expect(await recent.find(play.play.userId, [play.play.id])).toEqual([null]);
    await vi.waitUntil(() => lost.mock.calls.length > 0, { timeout: 20_000 });
    expect(await recent.find(play.play.userId, [play.play.id])).toEqual([null]);
    cache.close();
  });
});
