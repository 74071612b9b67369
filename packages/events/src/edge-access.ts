import { z } from 'zod';
import { days, defineEvent, defineTopic } from './define.ts';

const count = z.int().nonnegative();

/**
 * What one node of the edge sent and fetched in ten seconds. A node may tell several of the same ten seconds: they add up. Who tells one again,
 * after a crash, makes it of the same requests and gives it the same id. Of nodes behind a shield what they sent, of the shield what it
 * fetched: so the sums over all nodes are those of clients and of the origin.
 */
export const edgeTrafficCounted = defineEvent('EdgeTrafficCounted', 1, {
  /** As the node calls itself. */
  node: z.string().min(1).max(64),
  /** The first moment, and the moment after the last: ten seconds, on whole tens. */
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  /** By what was asked for and the status. `bytesSent` are those of bodies. */
  answers: z.array(
    z.looseObject({
      kind: z.enum(['audio', 'images', 'other']),
      status: z.int().min(100).max(599),
      requests: count,
      bytesSent: count,
    }),
  ),
  originFetches: count,
  /** Of these, those that brought nothing. */
  originFailures: count,
  /** Of bodies. */
  originBytes: count,
  /** Lines of the access log that could not be read. */
  malformedLines: count,
  /** What was fetched most, by bytes, at most 20 files; without tokens. */
  hottestMisses: z
    .array(z.looseObject({ path: z.string(), originFetches: count, originBytes: count }))
    .max(20),
});

/** One request of a thousand, as it is in the access log; without its token. */
export const edgeRequestSampled = defineEvent('EdgeRequestSampled', 1, {
  node: z.string(),
  at: z.iso.datetime(),
  method: z.string(),
  path: z.string(),
  range: z.string().nullable(),
  status: z.int(),
  bytesSent: count,
  originBytes: count,
  /** From its first byte to its last. */
  durationMs: z.number().nonnegative(),
  /** How many requests it stands for. */
  sampledOutOf: z.int().positive(),
});

/** Keyed by node. At full size the raw log is a million lines a second: these are its sums, and a sample. */
export const edgeAccess = defineTopic({
  name: 'edge.access.v1',
  partitions: 6,
  retentionMs: days(7),
  events: [edgeTrafficCounted, edgeRequestSampled],
});
