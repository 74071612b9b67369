import { readFileSync } from 'node:fs';
import { ConfigError } from '@medley/config';
import type { Logger, Metrics } from '@medley/service';
import type { EventLogConfig } from './config.ts';
import type { EventLog } from './event-log.ts';
import { createKafkaEventLog, type KafkaConnection, type KafkaCredentials } from './kafka/index.ts';
import { connectEventLog } from './served/index.ts';

export interface OpenEventLogOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The process, as the log knows it: `streaming`. */
  readonly clientId: string;
}

/**
 * The event log that the environment names. Nothing has to be there yet.
 * @throws ConfigError when the environment names none, two, or one half
 */
export function openEventLog(config: EventLogConfig, options: OpenEventLogOptions): EventLog {
  const problems = problemsOf(config);
  if (problems.length > 0) throw new ConfigError(problems);
  const { logger, metrics, clientId } = options;
  const { KAFKA_BROKERS: brokers = [], EVENT_LOG_URL: url } = config;
  if (url !== undefined) return connectEventLog({ url, logger });
  return createKafkaEventLog({
    brokers,
    clientId: `medley-${clientId}`,
    ssl: readTls(config),
    sasl: readCredentials(config),
    replicationFactor: config.KAFKA_REPLICATION_FACTOR,
    logger,
    metrics,
  });
}

function problemsOf(config: EventLogConfig): readonly string[] {
  const { KAFKA_BROKERS: brokers, EVENT_LOG_URL: url } = config;
  if (brokers === undefined && url === undefined) {
    return ['KAFKA_BROKERS: is required, but not set (or EVENT_LOG_URL, in development)'];
  }
  if (brokers !== undefined && url !== undefined) {
    return ['KAFKA_BROKERS: only one of KAFKA_BROKERS and EVENT_LOG_URL can be set'];
  }
  if (config.KAFKA_TLS_CA !== undefined && !config.KAFKA_TLS) {
    return ['KAFKA_TLS_CA: has no effect without KAFKA_TLS=true'];
  }
  const credentials = ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'] as const;
  const missing = credentials.filter((name) => config[name] === undefined);
  if (missing.length === credentials.length) return [];
  return missing.map((name) => `${name}: is required with the other two of KAFKA_SASL_*`);
}

function readTls({ KAFKA_TLS, KAFKA_TLS_CA }: EventLogConfig): KafkaConnection['ssl'] {
  if (!KAFKA_TLS) return undefined;
  if (KAFKA_TLS_CA === undefined) return true;
  try {
    return { ca: readFileSync(KAFKA_TLS_CA, 'utf8') };
  } catch (error) {
    throw new ConfigError([`KAFKA_TLS_CA: the file cannot be read: ${(error as Error).message}`]);
  }
}

function readCredentials(config: EventLogConfig): KafkaCredentials | undefined {
  const { KAFKA_SASL_MECHANISM: mechanism } = config;
  const { KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = config;
  if (mechanism === undefined || username === undefined || password === undefined) return undefined;
  return { mechanism, username, password };
}
