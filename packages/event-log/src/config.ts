import { httpUrl, parsedBy } from '@medley/config';
import { z } from 'zod';
import type { KafkaCredentials } from './kafka/index.ts';

/** Where the event log is: Kafka, or one that another process of this machine offers, for development. */
export const eventLogConfig = {
  /** `host:port,…`: the others of the cluster are found through these. */
  KAFKA_BROKERS: parsedBy(parseBrokers).optional(),
  KAFKA_TLS: z.stringbool().default(false),
  /** A file with the certificates to trust, PEM; those of the system unless told otherwise. */
  KAFKA_TLS_CA: z.string().optional(),
  KAFKA_SASL_MECHANISM: z
    .enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])
    // As kafkajs calls them.
    .transform((name) => name.toLowerCase() as KafkaCredentials['mechanism'])
    .optional(),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
  /** Of topics that are made here; as many as there are brokers, and at most three, unless told otherwise. */
  KAFKA_REPLICATION_FACTOR: z.coerce.number().int().min(1).max(15).optional(),
  /** With the token: `http://:<token>@127.0.0.1:<port>`. */
  EVENT_LOG_URL: httpUrl.optional(),
};

/** What `eventLogConfig` reads. */
export type EventLogConfig = z.output<z.ZodObject<typeof eventLogConfig>>;

/** @throws Error that says what was expected */
export function parseBrokers(text: string): readonly string[] {
  const brokers = text
    .split(',')
    .map((broker) => broker.trim())
    .filter(Boolean);
  const isBroker = (broker: string) => /^[A-Za-z0-9._-]+:[0-9]{1,5}$/.test(broker);
  const wrong = brokers.find((broker) => !isBroker(broker));
  if (brokers.length === 0 || wrong !== undefined) {
    throw new Error(`must be host:port, several with commas, got ${JSON.stringify(wrong ?? text)}`);
  }
  return brokers;
}
