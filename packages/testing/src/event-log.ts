import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventLog, LogUnavailableError } from '@medley/event-log';
import { openEmbeddedEventLog } from '@medley/event-log/embedded';
import { silentLogger } from './silent-logger.ts';

export { withOwnNames } from './own-names.ts';

/** What a topic tells of a key. */
export interface ToldEvent {
  readonly key: string;
  /** Null is a tombstone. */
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly source: string;
    readonly time: string;
    readonly data: Readonly<Record<string, unknown>>;
  } | null;
}

/** An event log of one test's own, which can be made to go away. */
export interface TestEventLog {
  readonly log: EventLog;
  /** Away, it takes nothing. */
  setAway(away: boolean): void;
  /** All that there is of a topic; of each key in its order. */
  read(topic: string): Promise<readonly ToldEvent[]>;
  close(): Promise<void>;
}

/** In a folder of its own, which closing removes. */
export async function openTestEventLog(): Promise<TestEventLog> {
  const folder = await mkdtemp(join(tmpdir(), 'medley-log-'));
  const log = await openEmbeddedEventLog({ folder, logger: silentLogger });
  let isAway = false;
  const append: EventLog['append'] = async (topic, records) => {
    if (isAway) throw new LogUnavailableError('the log is away');
    return log.append(topic, records);
  };
  return {
    log: { ...log, append },
    setAway(away) {
      isAway = away;
    },
    read: (topic) => readTopic(log, topic),
    async close() {
      await log.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** All that a log has of a topic, each partition in its order; nothing when there is no such topic. */
export async function readTopic(log: EventLog, topic: string): Promise<readonly ToldEvent[]> {
  const told: ToldEvent[] = [];
  for (const { partition, low, high } of await log.admin.offsets(topic).catch(() => [])) {
    for (let from = low; from < high; ) {
      const records = await log.admin.read(topic, partition, from, 1_000);
      for (const { key, value } of records)
        told.push({ key, event: value && JSON.parse(value.toString('utf8')) });
      from = (records.at(-1)?.offset ?? high) + 1n;
    }
  }
  return told;
}
