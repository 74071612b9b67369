import { randomUUID } from 'node:crypto';
import { type EventLog, publishEvents, startConsumer } from '@medley/event-log';
import { createKafkaEventLog } from '@medley/event-log/kafka';
import { createEvent, defineEvent, defineTopic, withItsLetters } from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { openTestEventLog } from '@medley/testing/event-log';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { waitUntilCounted } from '../src/wait-until-counted.ts';

const { TEST_KAFKA_BROKERS } = process.env;
if (!TEST_KAFKA_BROKERS)
  console.info('Waiting until plays are counted: Kafka is left out, as TEST_KAFKA_BROKERS is not set.');

const openEmbedded = async () => {
  const { log, close } = await openTestEventLog();
  return { log: log as EventLog, close };
};
const openKafka = async () => {
  const log = createKafkaEventLog({
    brokers: (TEST_KAFKA_BROKERS as string).split(','),
    clientId: 'test',
    logger: silentLogger,
  });
  return { log: log as EventLog, close: () => log.close() };
};

const subjects = [
  { name: 'the embedded log', open: openEmbedded },
  ...(TEST_KAFKA_BROKERS ? [{ name: 'Kafka', open: openKafka }] : []),
];

describe.each(subjects)('waiting until a topic is counted, on $name', ({ open }) => {
  it('ends when a group has handled what there was, and not before', async () => {
    const { log, close } = await open();
    onTestFinished(close);
    const happened = defineEvent('Happened', 1, { number: z.int() });
    const topic = defineTopic({
      name: `test.${randomUUID()}.v1`,
      partitions: 3,
      retentionMs: 86_400_000,
      events: [happened],
    });
    const group = `test.${randomUUID()}`;
    await log.admin.ensureTopics(withItsLetters(topic));
    const { signal } = new AbortController();
    const wait = () => waitUntilCounted(log, { topic, group, signal });

    // Nobody ever consumed, and there is nothing.
    await wait();

    const publish = (number: number) =>
      publishEvents(log, topic, [
        createEvent(happened, { source: 'test', key: `key ${number}`, data: { number } }),
      ]);
    for (let number = 0; number < 10; number += 1) await publish(number);
    let isOver = false;
    const waiting = wait().then(() => {
      isOver = true;
    });
    const handled: number[] = [];
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const consumer = startConsumer({
      ...{ log, group, topics: [topic], logger: silentLogger, metrics: createMetrics() },
      async handle(events) {
        await held;
        handled.push(...events.map(({ event }) => event.data.number));
      },
      onCrash: (error) => expect.unreachable(error.message),
    });
    onTestFinished(() => consumer.stop());
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(isOver).toBe(false);
    letGo();
    await waiting;
    expect(handled).toHaveLength(10);
  });
});

it('ends at once when it is given up', async () => {
  const { log, close } = await openEmbedded();
  onTestFinished(close);
  const topic = { name: `test.${randomUUID()}.v1`, partitions: 1, retentionMs: 86_400_000 };
  await log.admin.ensureTopics([topic]);
  await log.append(topic.name, [{ key: 'key', value: Buffer.from('{}') }]);
  const stopping = new AbortController();
  const waiting = waitUntilCounted(log, { topic, group: 'nobody', signal: stopping.signal });
  setTimeout(() => stopping.abort(), 50);
  await expect(waiting).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
});
