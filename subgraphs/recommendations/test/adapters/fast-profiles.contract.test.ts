import { randomUUID } from 'node:crypto';
import { connectRedis } from '@medley/redis';
import { afterAll, describe, expect, it } from 'vitest';
import { createMemoryTasteProfiles } from '../../src/adapters/memory-taste-profiles.ts';
import { createRedisTasteProfiles } from '../../src/adapters/redis-taste-profiles.ts';
import type { FastTasteProfiles, TasteProfile } from '../../src/domain/taste-profile.ts';

const { TEST_REDIS_URL: redisUrl } = process.env;
const client = redisUrl ? connectRedis({ url: redisUrl, commandTimeoutMs: 5_000, onLost: () => {} }) : null;
if (client) await new Promise((resolve) => client.once('ready', resolve));
else console.info('Redis is left out, as TEST_REDIS_URL is not set.');
const prefix = `test:${randomUUID()}`;

type Open = (ttlMs?: number) => FastTasteProfiles;
const subjects: [string, Open][] = [['in memory', (ttlMs) => createMemoryTasteProfiles({ ttlMs })]];
if (client) subjects.push(['in Redis', (ttlMs) => createRedisTasteProfiles({ client, prefix, ttlMs })]);

afterAll(async () => {
  if (!client) return;
  const keys = await client.keys(`${prefix}:*`);
  if (keys.length > 0) await client.del(keys);
  client.disconnect();
});

const aProfile = (profile: Partial<TasteProfile> = {}): TasteProfile => ({
  userId: randomUUID(),
  version: 1,
  decayedTo: 1_795_000_000_000,
  tracks: [
    { id: randomUUID(), weight: 1 / 3 },
    { id: randomUUID(), weight: -1e-3 },
  ],
  artists: [],
  genres: [{ id: randomUUID(), weight: 2 }],
  recent: [
    { eventId: 'e2', trackId: 't2', playedAt: 1_795_000_000_000, signal: -1, credited: true, context: null },
    {
      eventId: 'e1',
      trackId: 't1',
      playedAt: 1_794_000_000_000,
      signal: 0.25,
      credited: false,
      context: { kind: 'ARTIST', id: null },
    },
  ],
  taken: ['e1', 'e2'],
  positions: { 3: '4711', 11: '9223372036854775807' },
  asOf: 1_795_000_000_123,
  ...profile,
});

describe.each(subjects)('quick copies of profiles %s', (_, open) => {
  it('are what was saved', async () => {
    const copies = open();
    const [one, other] = [aProfile(), aProfile({ recent: [], taken: [] })];
    expect(await copies.save([one, other])).toEqual([]);
    const found = await copies.find([other.userId, randomUUID(), one.userId]);
    expect(found).toEqual(
      new Map([
        [other.userId, other],
        [one.userId, one],
      ]),
    );
    expect(await copies.findPositions([one.userId, randomUUID()])).toEqual(
      new Map([[one.userId, one.positions]]),
    );
    expect(await copies.findVersions([one.userId, randomUUID()])).toEqual(
      new Map([[one.userId, one.version]]),
    );
    expect(await copies.find([])).toEqual(new Map());
    expect(await copies.save([])).toEqual([]);
  });

  it('are never older than what was saved, also when two save at once', async () => {
    const copies = open();
    const { userId } = aProfile();
    const versions = [3, 1, 2, 10, 9].map((version) => aProfile({ userId, version }));
    const late = await Promise.all(versions.map((profile) => copies.save([profile])));
    expect((await copies.find([userId])).get(userId)?.version).toBe(10);
    expect(late.flat().length).toBeGreaterThanOrEqual(2);
    const newer = aProfile();
    expect(await copies.save([aProfile({ userId, version: 10 }), newer])).toEqual([userId]);
    expect((await copies.find([newer.userId])).size).toBe(1);
  });

  it('are gone in time', async () => {
    const copies = open(30);
    const profile = aProfile();
    await copies.save([profile]);
    await expect.poll(async () => (await copies.find([profile.userId])).size, { interval: 10 }).toBe(0);
    expect(await copies.save([profile])).toEqual([]);
  });
});

describe.runIf(client)('what another version of us left in Redis', () => {
  it('is not there', async () => {
    const copies = createRedisTasteProfiles({ client: client as NonNullable<typeof client>, prefix });
    const { userId } = aProfile();
    await client?.hset(`${prefix}:${userId}`, { v: 3, p: 'broken', b: '[99]' });
    expect(await copies.find([userId])).toEqual(new Map());
    expect(await copies.findPositions([userId])).toEqual(new Map());
    await client?.hset(`${prefix}:${userId}`, { v: 'broken' });
    expect(await copies.findVersions([userId])).toEqual(new Map());
    await client?.hset(`${prefix}:${userId}`, { v: 3 });
    expect(await copies.save([aProfile({ userId, version: 4 })])).toEqual([]);
    expect((await copies.find([userId])).size).toBe(1);
  });
});
