import type {
  Appended,
  EventLog,
  EventLogAdmin,
  GroupPosition,
  LogRecord,
  StoredRecord,
  SubscribeOptions,
} from '../../src/index.ts';

/** A log whose every step is in the hands of the test. */
export interface FakeLog extends Pick<EventLog, 'append' | 'subscribe' | 'admin'> {
  /** What was appended, by topic. */
  readonly appended: Map<string, LogRecord[]>;
  /** Thrown by the next calls of `append`, one each. */
  readonly appendErrors: Error[];
  /** What `subscribe` was called with. */
  readonly subscribed: SubscribeOptions[];
  positions: GroupPosition[];
  readonly heartbeats: { count: number };
  readonly stops: { count: number };
  /** Hands a batch to the consumer, as the log would; resolves when it would be committed. */
  deliver(
    topic: string,
    values: readonly (Buffer | null | Partial<StoredRecord>)[],
    stop?: AbortSignal,
  ): Promise<void>;
}

/** The time at which records of a fake log were appended. */
export const appendedAt = new Date('2026-05-01T10:00:00.000Z');

export function createFakeLog(): FakeLog {
  const appended = new Map<string, LogRecord[]>();
  const appendErrors: Error[] = [];
  const subscribed: SubscribeOptions[] = [];
  const heartbeats = { count: 0 };
  const stops = { count: 0 };
  let next = 0n;
  const log: FakeLog = {
    appended,
    appendErrors,
    subscribed,
    heartbeats,
    stops,
    positions: [],
    async append(topic, records) {
      const error = appendErrors.shift();
      if (error) throw error;
      const all = appended.get(topic) ?? [];
      appended.set(topic, [...all, ...records]);
      return records.map(
        (_, index): Appended => ({ topic, partition: 0, offset: BigInt(all.length + index) }),
      );
    },
    async subscribe(options) {
      subscribed.push(options);
      return {
        async stop() {
          stops.count += 1;
        },
      };
    },
    admin: { positions: async () => log.positions } as unknown as EventLogAdmin,
    async deliver(topic, values, signal = new AbortController().signal) {
      const records = values.map((value): StoredRecord => {
        const given = value === null || Buffer.isBuffer(value) ? { value } : value;
        return {
          topic,
          partition: 2,
          offset: next++,
          key: 'k',
          value: null,
          headers: {},
          time: appendedAt,
          ...given,
        };
      });
      await subscribed[0]?.handle({
        topic,
        partition: 2,
        records,
        signal,
        async heartbeat() {
          heartbeats.count += 1;
        },
      });
    },
  };
  return log;
}
