import { randomUUID } from 'node:crypto';
import type { EventLog } from '@medley/event-log';
import { createKafkaEventLog } from '@medley/event-log/kafka';
import { allTopics } from '@medley/events';
import { silentLogger } from '@medley/testing';
import { describe, it } from 'vitest';
import { countAnew } from './counted-anew.ts';

const { TEST_KAFKA_BROKERS, TEST_POSTGRES_URL } = process.env;
const isReal = TEST_KAFKA_BROKERS && TEST_POSTGRES_URL;
if (!isReal)
  console.info(
    'Counting anew on Kafka and PostgreSQL is left out: TEST_KAFKA_BROKERS or TEST_POSTGRES_URL is not set.',
  );

describe.runIf(isReal)('on Kafka and PostgreSQL', () => {
  it('the numbers of 20,000 plays that are counted anew are the same, bit for bit, whatever happens meanwhile', async () => {
    const brokers = TEST_KAFKA_BROKERS?.split(',') ?? [];
    const kafka = createKafkaEventLog({ brokers, clientId: 'test', logger: silentLogger });
    try {
      const log = withOwnNames(kafka, `test-${randomUUID()}.`);
      await log.admin.ensureTopics(allTopics);
      await countAnew(log, 20_000);
    } finally {
      await kafka.close();
    }
  }, 900_000);
});

/** The log with topics and groups of this test's own, under the names that they always have: others use the same server. */
function withOwnNames(log: EventLog, prefix: string): EventLog {
  const own = (name: string) => prefix + name;
  const known = <Named extends { readonly topic: string }>(named: Named): Named => ({
    ...named,
    topic: named.topic.slice(prefix.length),
  });
  const { admin } = log;
  return {
    ...log,
    append: async (topic, records) => (await log.append(own(topic), records)).map(known),
    subscribe: ({ group, topics, handle, ...options }) =>
      log.subscribe({
        ...options,
        group: own(group),
        topics: topics.map(own),
        handle: (batch) => handle({ ...known(batch), records: batch.records.map(known) }),
      }),
    admin: {
      ...admin,
      ensureTopics: (topics) =>
        admin.ensureTopics(topics.map((topic) => ({ ...topic, name: own(topic.name) }))),
      offsets: (topic) => admin.offsets(own(topic)),
      positions: async (group, topics) => (await admin.positions(own(group), topics.map(own))).map(known),
    },
  };
}
