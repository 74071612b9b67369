import { randomUUID } from 'node:crypto';
import { connectRedis } from '@medley/redis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createMemoryDecisionStore } from '../../src/adapters/memory-decision-store.ts';
import { createRedisDecisionStore } from '../../src/adapters/redis-decision-store.ts';
import {
  type DecisionStore,
  decisionLifetimeMs,
  decisionOutcomes,
} from '../../src/domain/decision-record.ts';
import { aDecision } from '../decision-records.ts';

const { TEST_REDIS_URL } = process.env;
if (!TEST_REDIS_URL) console.info('Decisions: Redis is left out, as TEST_REDIS_URL is not set.');

interface Opened {
  readonly store: DecisionStore;
  close(): void;
}

async function openRedis(url: string): Promise<Opened> {
  // A machine that is busy with other tests must not look like a slow Redis.
  const client = connectRedis({ url, commandTimeoutMs: 5_000, onLost() {} });
  await vi.waitUntil(() => client.status === 'ready', { timeout: 20_000 });
  const keyPrefix = `test:${randomUUID()}:`;
  return { store: createRedisDecisionStore({ client, keyPrefix }), close: () => client.disconnect() };
}

const justNow = () => new Date(Date.now() - 1_000);

describe.each<readonly [string, () => Promise<Opened>]>([
  ['in memory', async () => ({ store: createMemoryDecisionStore(), close() {} })],
  ...(TEST_REDIS_URL ? ([['in Redis', () => openRedis(TEST_REDIS_URL)]] as const) : []),
])('decisions %s', (_, open) => {
  let opened: Opened;
  let store: DecisionStore;
  beforeAll(async () => {
    opened = await open();
    store = opened.store;
  });
  afterAll(() => opened.close());

  it('are found by their id, as they were saved', async () => {
    const denied = aDecision({ decidedAt: justNow() });
    const granted = aDecision({
      decidedAt: justNow(),
      outcome: 'GRANTED',
      grantedQuality: 'HIGH',
      message: null,
    });
    const unknown = aDecision({
      decidedAt: justNow(),
      outcome: 'SIGN_IN_REQUIRED',
      viewerId: null,
      market: null,
      marketSource: null,
      tier: null,
      trackVersion: null,
      message: 'Sign in. 宇多田ヒカル 🎵',
    });
    await store.save([denied, granted, unknown]);
    for (const decision of [denied, granted, unknown]) {
      expect(await store.find(decision.decisionId)).toEqual(decision);
    }
    expect(await store.find(aDecision().decisionId)).toBeNull();
  });

  it('of every outcome are found', async () => {
    const decisions = decisionOutcomes.map((outcome) => aDecision({ outcome, decidedAt: justNow() }));
    await store.save(decisions);
    const found = await Promise.all(decisions.map(({ decisionId }) => store.find(decisionId)));
    expect(found.map((decision) => decision?.outcome)).toEqual(decisionOutcomes);
  });

  it('stay as they are when they are saved again', async () => {
    const decision = aDecision({ decidedAt: justNow() });
    await store.save([decision, decision]);
    await store.save([decision]);
    expect(await store.find(decision.decisionId)).toEqual(decision);
  });

  it('end seven days after they were made, also when they are saved late', async () => {
    const made = (agoMs: number) =>
      aDecision({ decidedAt: new Date(Date.now() - decisionLifetimeMs + agoMs) });
    const [gone, soon, kept] = [made(-1), made(150), made(600_000)];
    await store.save([gone, soon, kept]);
    expect(await store.find(gone.decisionId)).toBeNull();
    expect(await store.find(kept.decisionId)).toEqual(kept);
    await vi.waitUntil(async () => (await store.find(soon.decisionId)) === null, { timeout: 20_000 });
  });

  it('are saved by the thousand, and none', async () => {
    const decisions = Array.from({ length: 1_000 }, () => aDecision({ decidedAt: justNow() }));
    await store.save(decisions);
    await store.save([]);
    expect(await store.find(decisions[999]?.decisionId ?? '')).toEqual(decisions[999]);
  });
});

describe('decisions in memory', () => {
  it('make room for newer ones', async () => {
    const store = createMemoryDecisionStore({ capacity: 2 });
    const [first, second, third] = [1, 2, 3].map(() => aDecision({ decidedAt: justNow() })) as [
      never,
      never,
      never,
    ];
    await store.save([first, second, third]);
    const found = await Promise.all([first, second, third].map(({ decisionId }) => store.find(decisionId)));
    expect(found).toEqual([null, second, third]);
  });
});
