import kafkajs, { type Admin, type ITopicMetadata } from 'kafkajs';
import { maxRecordBytes, type TopicDefinition } from '../event-log.ts';
import { pause } from '../pause.ts';
import { isPassing } from './kafka-errors.ts';

// Node finds no names for these two in a CommonJS module.
const { ConfigResourceTypes, ConfigSource } = kafkajs;

/**
 * Makes topics that are missing, adds partitions and settings where they differ.
 * @param replicationFactor of new topics; as many as there are brokers, and at most three, unless told otherwise
 */
export async function ensureTopics(
  admin: Admin,
  topics: readonly TopicDefinition[],
  replicationFactor?: number,
): Promise<void> {
  const { brokers } = await admin.describeCluster();
  const copies = replicationFactor ?? Math.min(3, brokers.length);
  const known = new Set(await admin.listTopics());
  const missing = topics.filter(({ name }) => !known.has(name));
  if (missing.length > 0) await makeTopics(admin, missing, copies);

  await untilLed(admin, missing);

  const present = topics.filter(({ name }) => known.has(name));
  if (present.length === 0) return;
  const { topics: metadata } = await admin.fetchTopicMetadata({ topics: present.map(({ name }) => name) });
  await addPartitions(admin, present, metadata);
  await adjustSettings(admin, present);
  await untilLed(admin, present);
}

/** A leader is named before it knows that it leads: what is appended meanwhile would have to be sent twice. */
async function untilLed(admin: Admin, topics: readonly TopicDefinition[]): Promise<void> {
  const until = performance.now() + 10_000;
  for (const { name } of topics) {
    for (;;) {
      try {
        await admin.fetchTopicOffsets(name);
        break;
      } catch (error) {
        if (!isPassing(error) || performance.now() > until) throw error;
        await pause(100);
      }
    }
  }
}

async function makeTopics(admin: Admin, topics: readonly TopicDefinition[], copies: number): Promise<void> {
  // One by one, as another process may make the same ones at the same time.
  for (const topic of topics) {
    await admin.createTopics({
      topics: [
        {
          topic: topic.name,
          numPartitions: topic.partitions,
          replicationFactor: copies,
          configEntries: Object.entries({ ...settingsOf(topic), ...durability(copies) }).map(
            ([name, value]) => ({
              name,
              value,
            }),
          ),
        },
      ],
      timeout: 10_000,
      // It gives up when a broker has not heard of the topic yet, which takes it a moment; `untilLed` waits.
      waitForLeaders: false,
    });
  }
}

async function addPartitions(
  admin: Admin,
  topics: readonly TopicDefinition[],
  metadata: readonly ITopicMetadata[],
): Promise<void> {
  const topicPartitions = topics
    .filter(({ name, partitions }) => {
      const found = metadata.find((topic) => topic.name === name);
      return found !== undefined && found.partitions.length < partitions;
    })
    .map(({ name, partitions }) => ({ topic: name, count: partitions }));
  if (topicPartitions.length > 0) await admin.createPartitions({ topicPartitions, timeout: 10_000 });
}

async function adjustSettings(admin: Admin, topics: readonly TopicDefinition[]): Promise<void> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map(({ name }) => ({ type: ConfigResourceTypes.TOPIC, name })),
  });
  const changed = topics.flatMap((topic) => {
    const entries = resources.find(({ resourceName }) => resourceName === topic.name)?.configEntries ?? [];
    const wanted = settingsOf(topic);
    const differs = Object.entries(wanted).some(
      ([name, value]) => entries.find(({ configName }) => configName === name)?.configValue !== value,
    );
    if (!differs) return [];
    // This request replaces all settings of a topic: those that somebody else made go with it.
    const own = entries.filter(({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG);
    const kept = Object.fromEntries(own.map(({ configName, configValue }) => [configName, configValue]));
    const configEntries = Object.entries({ ...kept, ...wanted }).map(([name, value]) => ({ name, value }));
    return [{ type: ConfigResourceTypes.TOPIC, name: topic.name, configEntries }];
  });
  if (changed.length > 0) await admin.alterConfigs({ validateOnly: false, resources: changed });
}

function settingsOf({ retentionMs }: TopicDefinition): Record<string, string> {
  const kept: Record<string, string> =
    retentionMs === null
      ? { 'cleanup.policy': 'compact' }
      : { 'cleanup.policy': 'delete', 'retention.ms': String(retentionMs) };
  // The largest record and what Kafka puts around it; its own limit is a few bytes less.
  return { ...kept, 'max.message.bytes': String(2 * maxRecordBytes) };
}

/** Confirmed is what two machines have; one of three may be away. */
const durability = (copies: number): Record<string, string> =>
  copies >= 3 ? { 'min.insync.replicas': '2' } : {};
