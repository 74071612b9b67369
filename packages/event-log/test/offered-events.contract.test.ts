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

  it('wait for their topic, and are there in their order, each once', async () => {
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
    await expect.poll(() => countIn(topic.name), { timeout: 20_000 }).toBe(400);
    await events.stop();

    const revisions = new Map<string, number[]>();
    for (const { partition, low } of await log.admin.offsets(topic.name)) {
      for (const { key, value } of await log.admin.read(topic.name, partition, low, 1_000)) {
        const { data } = JSON.parse(String(value));
        revisions.set(key, [...(revisions.get(key) ?? []), data.revision]);
      }
    }
    for (const told of revisions.values()) expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect([...revisions.values()].flat().sort((a, b) => a - b)).toEqual(
      Array.from({ length: 400 }, (_, revision) => revision),
    );
  });

  const countIn = async (topic: string) => {
    const offsets = await subject.log.admin.offsets(topic);
    return offsets.reduce((sum, { low, high }) => sum + Number(high - low), 0);
  };
});
