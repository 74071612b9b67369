import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOfferedEvents, type EventLog } from '@medley/event-log';
import { openEmbeddedEventLog } from '@medley/event-log/embedded';
import { playbackDecisions, withItsLetters } from '@medley/events';
import { connectRedis } from '@medley/redis';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createMemoryDecisionStore } from '../src/adapters/memory-decision-store.ts';
import { createOfferedDecisionLog } from '../src/adapters/offered-decision-log.ts';
import { createRedisDecisionStore } from '../src/adapters/redis-decision-store.ts';
import { followDecisions } from '../src/app.ts';
import { type DecisionStore, DecisionsUnavailableError } from '../src/domain/decision-record.ts';
import { aDecision } from './decision-records.ts';

const { TEST_REDIS_URL } = process.env;
if (!TEST_REDIS_URL)
  console.info('Decisions that are followed: Redis is left out, as TEST_REDIS_URL is not set.');

let folder: string;
let log: EventLog;
const teardown: (() => unknown)[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medley-decisions-'));
  log = await openEmbeddedEventLog({ folder, logger: silentLogger });
  await log.admin.ensureTopics(withItsLetters(playbackDecisions));
});
afterEach(async () => {
  for (const stop of teardown.splice(0).reverse()) await stop();
});
afterAll(async () => {
  await log.close();
  await rm(folder, { recursive: true });
});

/** What one process decides. */
function openDecisions() {
  const metrics = createMetrics();
  const events = createOfferedEvents({
    log,
    topic: playbackDecisions,
    capacity: 1_000,
    lingerMs: 1,
    logger: silentLogger,
    metrics,
  });
  teardown.push(() => events.stop());
  return createOfferedDecisionLog({ events, grantsPerSample: 1, metrics });
}

function follow(store: Pick<DecisionStore, 'save'>, shared: boolean) {
  const followed = followDecisions({
    log,
    store,
    shared,
    logger: silentLogger,
    metrics: createMetrics(),
    onCrash(error) {
      throw error;
    },
  });
  teardown.push(() => followed.stop());
  expect(followed.findUnready()).toEqual([]);
}

const decidedNow = () => aDecision({ decidedAt: new Date() });
const isFound = (store: DecisionStore, { decisionId }: { decisionId: string }) =>
  vi.waitUntil(() => store.find(decisionId), { timeout: 10_000 });

describe('decisions that are followed', () => {
  it('of every process are in the memory of each, those of before it too', async () => {
    const [here, there] = [openDecisions(), openDecisions()];
    const [before, after] = [decidedNow(), decidedNow()];
    there.offer(before);
    const store = createMemoryDecisionStore();
    follow(store, false);
    expect(await isFound(store, before)).toEqual(before);
    there.offer(after);
    here.offer(decidedNow());
    expect(await isFound(store, after)).toEqual(after);
  });

  it('pass what is no decision', async () => {
    await log.append(playbackDecisions.name, [{ key: 'poison', value: Buffer.from('poison') }]);
    const decision = decidedNow();
    openDecisions().offer(decision);
    const stores = [createMemoryDecisionStore(), createMemoryDecisionStore()] as const;
    follow(stores[0], false);
    follow(stores[1], true);
    for (const store of stores) expect(await isFound(store, decision)).toEqual(decision);
  });

  it('wait until a shared store takes them, and are lost to nobody', async () => {
    const store = createMemoryDecisionStore();
    let failures = 2;
    follow(
      {
        async save(records) {
          failures -= 1;
          if (failures >= 0) throw new DecisionsUnavailableError('Redis did not answer');
          await store.save(records);
        },
      },
      true,
    );
    const decision = decidedNow();
    openDecisions().offer(decision);
    expect(await isFound(store, decision)).toEqual(decision);
  });

  it('are in Redis for all, saved by one', async ({ skip }) => {
    skip(!TEST_REDIS_URL, 'TEST_REDIS_URL names no Redis');
    const client = connectRedis({ url: TEST_REDIS_URL ?? '', commandTimeoutMs: 5_000, onLost() {} });
    teardown.push(() => client.disconnect());
    await vi.waitUntil(() => client.status === 'ready', { timeout: 20_000 });
    const store = createRedisDecisionStore({ client, keyPrefix: `test:${randomUUID()}:` });
    follow(store, true);
    const decisions = [
      decidedNow(),
      aDecision({ decidedAt: new Date(), viewerId: null, market: null, marketSource: null }),
    ];
    const mine = openDecisions();
    for (const decision of decisions) mine.offer(decision);
    for (const decision of decisions) expect(await isFound(store, decision)).toEqual(decision);
  });
});
