import type { EventLog } from '@medley/event-log';

/** The log with topics and groups of a test's own, under the names that they always have: others use the same server. */
export function withOwnNames(log: EventLog, prefix: string): EventLog {
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
    tail: ({ topic, handle, ...options }) =>
      log.tail({ ...options, topic: own(topic), handle: (records) => handle(records.map(known)) }),
    admin: {
      ensureTopics: (topics) =>
        admin.ensureTopics(topics.map((topic) => ({ ...topic, name: own(topic.name) }))),
      offsets: (topic) => admin.offsets(own(topic)),
      offsetsAt: (topic, time) => admin.offsetsAt(own(topic), time),
      positions: async (group, topics) => (await admin.positions(own(group), topics.map(own))).map(known),
      setPositions: (group, topic, positions) => admin.setPositions(own(group), own(topic), positions),
      read: async (topic, partition, from, limit) =>
        (await admin.read(own(topic), partition, from, limit)).map(known),
    },
  };
}
