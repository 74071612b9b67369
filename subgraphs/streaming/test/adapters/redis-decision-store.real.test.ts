import { connectRedis } from '@medley/redis';
import { startTestRedis } from '@medley/testing/redis';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createRedisDecisionStore } from '../../src/adapters/redis-decision-store.ts';
import { DecisionsUnavailableError } from '../../src/domain/decision-record.ts';
import { aDecision } from '../decision-records.ts';

const redis = await startTestRedis();
if (!redis) console.info('Decisions in Redis are not tested: there is no redis-server on this machine.');

describe.skipIf(!redis)('decisions in a Redis that suffers', () => {
  const client = connectRedis({ url: redis?.url ?? '', commandTimeoutMs: 300, onLost() {} });
  const store = createRedisDecisionStore({ client });
  const decision = aDecision({ decidedAt: new Date() });
  afterAll(async () => {
    client.disconnect();
    await redis?.kill();
  });

  it('say so while it hangs or is gone, and are there when it is back', async () => {
    await vi.waitUntil(() => client.status === 'ready', { timeout: 20_000 });
    await store.save([decision]);
    redis?.pause();
    await expect(store.find(decision.decisionId)).rejects.toThrow(DecisionsUnavailableError);
    await expect(store.save([decision])).rejects.toThrow(DecisionsUnavailableError);
    redis?.resume();
    await vi.waitUntil(() => store.find(decision.decisionId).catch(() => null), { timeout: 20_000 });
    await redis?.kill();
    await expect(store.save([decision])).rejects.toThrow(DecisionsUnavailableError);
    await redis?.start();
    await vi.waitUntil(
      () =>
        store.save([decision]).then(
          () => true,
          () => false,
        ),
      { timeout: 10_000 },
    );
    expect(await store.find(decision.decisionId)).toEqual(decision);
  });

  it('are unknown where another version wrote what we cannot read', async () => {
    for (const text of ['', 'nonsense', '{}', JSON.stringify({ ...decision, outcome: 'NEWER' })]) {
      await client.set('streaming:decision:other', text);
      expect(await store.find('other')).toBeNull();
    }
  });
});
