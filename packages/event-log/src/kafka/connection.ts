import type { ConnectionOptions } from 'node:tls';
import type { Logger } from '@medley/service';
import type { KafkaLogSink } from './kafka-logger.ts';

/** How to reach Kafka. */
export interface KafkaConnection {
  /** `host:port`, at least one: the others of the cluster are found through it. */
  readonly brokers: readonly string[];
  /** The process, as the brokers' logs name it. */
  readonly clientId: string;
  /** TLS; true for the certificates that the system trusts. */
  readonly ssl?: true | Pick<ConnectionOptions, 'ca' | 'cert' | 'key'>;
  readonly sasl?: KafkaCredentials;
  readonly logger: Logger;
}

export interface KafkaCredentials {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** What every connection of one event log shares. */
export interface KafkaAccess extends KafkaConnection {
  readonly logSink: KafkaLogSink;
}
