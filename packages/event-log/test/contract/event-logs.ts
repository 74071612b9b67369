import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type {
  BatchHandler,
  EventLog,
  StoredRecord,
  SubscribeOptions,
  Subscription,
} from '../../src/index.ts';
import { type Subject, startEmbedded, startKafka, startServed } from '../event-log-subjects.ts';

const { TEST_KAFKA_BROKERS } = process.env;
if (!TEST_KAFKA_BROKERS) console.info('Event log: Kafka is left out, as TEST_KAFKA_BROKERS is not set.');

// A group of Kafka takes seconds to change its members, on a busy machine many.
export const patience = { timeout: 40_000, interval: 20 };
export const day = 86_400_000;

/** A topic, and who reads it, on the log that is tested. */
export type LogUnderTest = ReturnType<typeof createLogUnderTest>;

/** What every event log does, wherever it keeps its records. */
export function describeEventLogs(about: string, suite: (given: LogUnderTest) => void): void {
  describe.each<readonly [string, () => Promise<Subject>]>([
    ['on disk, in this process', startEmbedded],
    ['of another process', startServed],
    ...(TEST_KAFKA_BROKERS ? [['in Kafka', () => startKafka(TEST_KAFKA_BROKERS)] as const] : []),
  ])(`an event log %s, ${about}`, (_where, start) => {
    let started: Subject;
    const given = createLogUnderTest(() => started);
    beforeAll(async () => {
      started = await start();
    });
    afterAll(async () => {
      await given.stopAll();
      await started.stop();
    });
    suite(given);
  });
}

function createLogUnderTest(started: () => Subject) {
  const subject = {
    get log() {
      return started().log;
    },
    get compact() {
      return started().compact;
    },
    connect: () => started().connect(),
    reopen: () => started().reopen(),
  };
  const subscriptions: Subscription[] = [];

  async function newTopic(partitions = 1, retentionMs: number | null = day): Promise<string> {
    const name = `test.${randomUUID()}.v1`;
    await subject.log.admin.ensureTopics([{ name, partitions, retentionMs }]);
    return name;
  }

  const appendValues = (topic: string, values: readonly string[]) =>
    subject.log.append(
      topic,
      values.map((value) => record(value)),
    );

  async function subscribe(
    topic: string,
    handle: BatchHandler,
    options: Partial<SubscribeOptions> = {},
    log: EventLog = subject.log,
  ): Promise<Subscription> {
    const subscription = await log.subscribe({
      group: newGroup(),
      topics: [topic],
      handle,
      onCrash: (error) => {
        throw error;
      },
      ...options,
    });
    subscriptions.push(subscription);
    return subscription;
  }

  async function tail(topic: string, from: 'beginning' | 'end' | Date, log: EventLog = subject.log) {
    const records: StoredRecord[] = [];
    let caughtUpAfter: number | null = null;
    const subscription = await log.tail({
      topic,
      from,
      handle: (got) => void records.push(...got),
      onCaughtUp: () => {
        caughtUpAfter = records.length;
      },
      onCrash: (error) => {
        throw error;
      },
    });
    subscriptions.push(subscription);
    await expect.poll(() => caughtUpAfter, patience).not.toBeNull();
    return { subscription, caughtUpAfter, records, texts: () => records.map(textOf) };
  }

  const lagOf = async (group: string, topic: string) => {
    const positions = await subject.log.admin.positions(group, [topic]);
    return positions.reduce((sum, { lag }) => sum + lag, 0n);
  };

  return {
    subject,
    subscriptions,
    newTopic,
    appendValues,
    subscribe,
    tail,
    lagOf,
    /** Until the group has committed all. */
    untilDone: (group: string, topic: string) => expect.poll(() => lagOf(group, topic), patience).toBe(0n),
    stopAll: () => Promise.all(subscriptions.map((subscription) => subscription.stop())),
  };
}

export const newGroup = () => `test.${randomUUID()}`;

export const record = (key: string, value: string | null = key) => ({
  key,
  value: value === null ? null : Buffer.from(value),
});

export const numbers = (count: number, name = 'r') =>
  Array.from({ length: count }, (_, index) => `${name}${index}`);

export const textOf = ({ value }: { value: Buffer | null }) => (value === null ? null : value.toString());

/** Collects what a subscription gets. */
export function collector() {
  const records: StoredRecord[] = [];
  const handle: BatchHandler = async (batch) => void records.push(...batch.records);
  return { records, handle, texts: () => records.map(textOf) };
}
