/** A record to append. */
export interface LogRecord {
  /** Records of one key stay in their order, in one partition: `user_…`, `track_…`. */
  readonly key: string;
  /** Null is a tombstone: a compacted topic forgets the key. At most `maxRecordBytes`. */
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A record as the log has it. */
export interface StoredRecord {
  readonly topic: string;
  /** From 0. */
  readonly partition: number;
  /** From 0, rising within the partition, not always by one. */
  readonly offset: bigint;
  readonly key: string;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  /** When it was appended. */
  readonly time: Date;
}

/** Where an appended record lies. */
export interface Appended {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** One MiB with its key and headers; a larger record is refused. */
export const maxRecordBytes = 1_048_576;

/** A topic as it should be. */
export interface TopicDefinition {
  /** `streaming.play-events.v1` */
  readonly name: string;
  /** How many consumers of one group can share the work, at most. */
  readonly partitions: number;
  /** How long records are kept, in milliseconds; null: a compacted topic, which keeps the last record of each key. */
  readonly retentionMs: number | null;
}

/**
 * Records in topics, each topic in partitions. At least once: a record whose append failed may be there all the same, and a
 * consumer may get a record again; whoever must not act twice goes by the id in the record.
 */
export interface EventLog {
  /**
   * Appends to one topic. It resolves when the records would survive the loss of one machine (of the process, where the log is
   * embedded), each with its place, in the order given. Order holds per key, also from one call to the next when the first has
   * resolved. Calls that come together go together.
   * @throws LogUnavailableError when the log did not confirm in time: it may hold some of the records, append the same again
   * @throws RecordTooLargeError, UnknownTopicError when that would not help; then nothing of this call was appended
   */
  append(topic: string, records: readonly LogRecord[]): Promise<readonly Appended[]>;

  /**
   * Consumes topics as a member of a group: each partition is handed to one member at a time, and goes on after what the group
   * committed last. It resolves at once, also while the log is away, and begins when the log is there.
   */
  subscribe(options: SubscribeOptions): Promise<Subscription>;

  /** Reads all partitions of a topic as every process sees them: belongs to no group, commits nothing. */
  tail(options: TailOptions): Promise<Subscription>;

  /** What operators and tools need. */
  readonly admin: EventLogAdmin;

  /** @throws LogUnavailableError when the log does not answer within `timeoutMs` */
  ping(timeoutMs: number): Promise<void>;

  /** Appends under way are finished, subscriptions stopped. Safe to call twice. */
  close(): Promise<void>;
}

export interface SubscribeOptions {
  /** Such as `analytics.plays`. */
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * Gets records of one partition, in order, 1 to `maxBatch`. They are committed when it resolves. While it is busy nothing more is
   * fetched for this partition, so memory stays bounded; other partitions go on. When it rejects, the same records come
   * again after a pause.
   */
  readonly handle: BatchHandler;
  /** 500 unless told otherwise. */
  readonly maxBatch?: number;
  /** Where a group begins that never committed; the beginning unless told otherwise: nothing is skipped. */
  readonly from?: 'beginning' | 'end';
  /**
   * Told once when the subscription has ended for good and nothing will bring it back but a new start. It never comes by `stop`.
   */
  readonly onCrash: (error: Error) => void;
}

export type BatchHandler = (batch: {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly StoredRecord[];
  /** Aborted when the subscription stops or the partition goes to another member: what is not begun need not be. */
  readonly signal: AbortSignal;
  /**
   * To be called at least every 10 s by a handler that takes long. In the embedded and the served log, one that was silent for longer
   * loses its partition when another member joins or leaves; what it does then is not committed, and comes again there. In Kafka, one
   * that was silent for 5 minutes is a crash: its subscription ends.
   */
  readonly heartbeat: () => Promise<void>;
}) => Promise<void>;

export interface TailOptions {
  readonly topic: string;
  /** `end`: only what is appended from now on; a Date: from the first record of that time on. */
  readonly from: 'beginning' | 'end' | Date;
  /** Gets records of one partition in their order. When it rejects, the same records come again after a pause. */
  readonly handle: (records: readonly StoredRecord[]) => void | Promise<void>;
  readonly onCrash: (error: Error) => void;
  /** Told when all that was there at the start has been handed over. */
  readonly onCaughtUp?: () => void;
}

export interface Subscription {
  /** Finishes the handlers under way, commits what they did, leaves the group. Safe to call twice. */
  stop(): Promise<void>;
}

export interface PartitionOffsets {
  readonly partition: number;
  /** The first that is kept. */
  readonly low: bigint;
  /** After the last. */
  readonly high: bigint;
}

export interface GroupPosition {
  readonly topic: string;
  readonly partition: number;
  /** The next to be consumed; null when the group never committed here. */
  readonly committed: bigint | null;
  /** How many records wait. */
  readonly lag: bigint;
}

export interface EventLogAdmin {
  /** Makes what is missing, and adds partitions and settings where they differ; never takes any away. */
  ensureTopics(topics: readonly TopicDefinition[]): Promise<void>;
  /** @throws UnknownTopicError */
  offsets(topic: string): Promise<readonly PartitionOffsets[]>;
  /** The first offsets of this time or later; `high` where there is none. @throws UnknownTopicError */
  offsetsAt(topic: string, time: Date): Promise<readonly { partition: number; offset: bigint }[]>;
  /** Of each partition of these topics. */
  positions(group: string, topics: readonly string[]): Promise<readonly GroupPosition[]>;
  /**
   * Where the group goes on. Only while nobody consumes as this group.
   * @throws GroupActiveError when somebody does
   */
  setPositions(
    group: string,
    topic: string,
    positions: readonly { partition: number; offset: bigint }[],
  ): Promise<void>;
  /** Reads a range, oldest first; may return fewer, and none at the end. For looking, not for consuming. */
  read(topic: string, partition: number, from: bigint, limit: number): Promise<readonly StoredRecord[]>;
}
