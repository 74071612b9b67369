import { z } from 'zod';
import type { LogRecord, StoredRecord } from '../event-log.ts';

// JSON over loopback: values as base64, offsets as decimal text, times as ISO 8601.

const offset = z
  .string()
  .regex(/^-?\d{1,19}$/)
  .transform(BigInt);
const value = z
  .string()
  .transform((text): Buffer => Buffer.from(text, 'base64'))
  .nullable();
const partition = z.int().nonnegative();
const time = z.iso.datetime().transform((text) => new Date(text));
const headers = z.record(z.string(), z.string());

export const wireRecord = z.object({ key: z.string(), value, headers: headers.optional() });
export const wireStored = z.object({
  topic: z.string(),
  partition,
  offset,
  key: z.string(),
  value,
  headers,
  time,
});
export const wirePosition = z.object({ partition, offset });

/** What is asked, by operation. */
export const requests = {
  append: z.object({ topic: z.string(), records: z.array(wireRecord) }),
  ping: z.object({}),
  join: z.object({
    member: z.uuid(),
    group: z.string(),
    topics: z.array(z.string()),
    maxBatch: z.int().positive(),
    from: z.enum(['beginning', 'end']),
  }),
  /** `holding`: the deliveries that the member has at hand; `revoked`: those of them that it was told to let go. */
  poll: z.object({ member: z.uuid(), holding: z.array(z.int()), revoked: z.array(z.int()) }),
  settle: z.object({ member: z.uuid(), delivery: z.int(), done: z.boolean() }),
  heartbeat: z.object({ member: z.uuid(), delivery: z.int() }),
  leave: z.object({ member: z.uuid(), holding: z.array(z.int()) }),
  /** Partitions that are not named are read from their first record. */
  follow: z.object({ topic: z.string(), positions: z.array(wirePosition) }),
  ensureTopics: z.object({
    topics: z.array(
      z.object({
        name: z.string(),
        partitions: z.int().positive().max(65_535),
        retentionMs: z.number().nullable(),
      }),
    ),
  }),
  offsets: z.object({ topic: z.string() }),
  offsetsAt: z.object({ topic: z.string(), time }),
  positions: z.object({ group: z.string(), topics: z.array(z.string()) }),
  setPositions: z.object({ group: z.string(), topic: z.string(), positions: z.array(wirePosition) }),
  read: z.object({ topic: z.string(), partition, from: offset, limit: z.int().positive() }),
};

/** What is answered, by operation. */
export const answers = {
  append: z.array(z.object({ topic: z.string(), partition, offset })),
  ping: z.object({}),
  join: z.object({}),
  poll: z.object({
    deliveries: z.array(
      z.object({ id: z.int(), topic: z.string(), partition, records: z.array(wireStored) }),
    ),
    /** Of those at hand: not theirs any more, or not for long. */
    revoked: z.array(z.int()),
    /** Why the subscription has ended for good. */
    crashed: z.string().nullable(),
  }),
  settle: z.object({}),
  heartbeat: z.object({}),
  leave: z.object({}),
  follow: z.object({ records: z.array(wireStored), positions: z.array(wirePosition) }),
  ensureTopics: z.object({}),
  offsets: z.array(z.object({ partition, low: offset, high: offset })),
  offsetsAt: z.array(wirePosition),
  positions: z.array(z.object({ topic: z.string(), partition, committed: offset.nullable(), lag: offset })),
  setPositions: z.object({}),
  read: z.array(wireStored),
};

export type Operation = keyof typeof requests;
export type Request<Name extends Operation> = z.output<(typeof requests)[Name]>;
export type Answer<Name extends Operation> = z.output<(typeof answers)[Name]>;

export const operations = Object.keys(requests) as Operation[];

/** Why an operation failed. */
export const failure = z.object({
  code: z.enum(['UNKNOWN_TOPIC', 'GROUP_ACTIVE', 'UNKNOWN_MEMBER', 'UNAVAILABLE', 'REFUSED']),
  message: z.string(),
});
export type FailureCode = z.output<typeof failure>['code'];

/** The text of a request or an answer. */
export function encode(content: unknown): string {
  return JSON.stringify(content, (_name, part) => {
    if (typeof part === 'bigint') return part.toString();
    if (!isRecord(part)) return part;
    return { ...part, value: part.value?.toString('base64') ?? null };
  });
}

const isRecord = (part: unknown): part is LogRecord | StoredRecord =>
  typeof part === 'object' && part !== null && 'value' in part && 'key' in part;
