import { randomUUID } from 'node:crypto';
import { createEvent, playbackQueueChanged, playbackState } from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOfferedEvents } from '../src/index.ts';
import { type Subject, startEmbedded, startKafka } from './event-log-subjects.ts';

const { TEST_KAFKA_BROKERS } = process.env;
if (!TEST_KAFKA_BROKERS) console.info('Offered events: Kafka is left out, as TEST_KAFKA_BROKERS is not set.');

describe.each<readonly [string, () => Promise<Subject>]>([
  ['a log on disk', startEmbedded],
  ...(TEST_KAFKA_BROKERS ? [['Kafka', () => startKafka(TEST_KAFKA_BROKERS)] as const] : []),
])('events that are offered to %s', (_where, start) => {
  let subject: Subject;
  beforeAll(async () => {
    subject = await start();
  });
  afterAll(() => subject.stop());

  it('wait for their topic, and are all there in their order', async () => {
    const topic = { ...playbackState, name: `test.offered-${randomUUID()}.v1`, partitions: 2 };
    const { log } = subject;
    const events = createOfferedEvents({
      ...{ log, topic, capacity: 1_000, lingerMs: 5, maxBatch: 100 },
      ...{ logger: silentLogger, metrics: createMetrics() },
    });
    const offer = (key: string, revision: number) => {
      const data = { userId: key, revision, items: 0, device: null };
      events.offer(createEvent(playbackQueueChanged, { source: 'streaming', key, data }));
    };
    for (let revision = 0; revision < 100; revision++) offer(`user_${revision % 3}`, revision);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await log.admin.ensureTopics([topic]);
    for (let revision = 100; revision < 400; revision++) offer(`user_${revision % 3}`, revision);
    const all = Array.from({ length: 400 }, (_, revision) => revision);
    const inOrder = (revisions: Iterable<number>) => [...revisions].sort((a, b) => a - b);
    const isThere = async () => inOrder(new Set([...(await readRevisions(topic.name)).values()].flat()));
    await expect.poll(isThere, { timeout: 40_000, interval: 100 }).toEqual(all);
    await events.stop();

    // Kafka may have some twice, where it stored them and its answer was lost.
    for (const told of (await readRevisions(topic.name)).values()) {
      const firstTold = [...new Set(told)];
      expect(firstTold).toEqual(inOrder(firstTold));
    }
  });

  /** As the log has them, by key. */
  const readRevisions = async (topic: string) => {
    const revisions = new Map<string, number[]>();
    for (const { partition, low } of await subject.log.admin.offsets(topic)) {
      for (const { key, value } of await subject.log.admin.read(topic, partition, low, 1_000)) {
        const { data } = JSON.parse(String(value));
        revisions.set(key, [...(revisions.get(key) ?? []), data.revision]);
      }
    }
    return revisions;
  };
});
