import { ConfigError, readConfig } from '@medley/config';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { type EventLog, eventLogConfig, openEventLog } from '../src/index.ts';

describe('the event log that the environment names', () => {
  const logs: EventLog[] = [];
  afterEach(async () => {
    await Promise.all(logs.splice(0).map((log) => log.close()));
  });

  function open(environment: Record<string, string>): EventLog {
    const config = readConfig(eventLogConfig, environment);
    const log = openEventLog(config, { logger: silentLogger, metrics: createMetrics(), clientId: 'test' });
    logs.push(log);
    return log;
  }

  it.each([
    ['Kafka', { KAFKA_BROKERS: 'kafka-1.internal:9092, 10.0.0.2:9093' }],
    [
      'Kafka with TLS and credentials',
      {
        KAFKA_BROKERS: 'kafka:9093',
        KAFKA_TLS: 'true',
        KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
        KAFKA_SASL_USERNAME: 'medley',
        KAFKA_SASL_PASSWORD: 'secret',
      },
    ],
    ['one of this machine', { EVENT_LOG_URL: 'http://:token@127.0.0.1:4020' }],
  ])('may be %s, and need not be there', (_where, environment) => {
    expect(() => open(environment)).not.toThrow();
  });

  it.each<readonly [string, Record<string, string>, RegExp]>([
    ['nothing', {}, /KAFKA_BROKERS: is required, but not set \(or EVENT_LOG_URL, in development\)/],
    [
      'two',
      { KAFKA_BROKERS: 'kafka:9092', EVENT_LOG_URL: 'http://127.0.0.1:1' },
      /only one of KAFKA_BROKERS and/,
    ],
    ['a broker without a port', { KAFKA_BROKERS: 'kafka:9092,other' }, /must be host:port.*"other"/],
    ['a URL for a broker', { KAFKA_BROKERS: 'kafka://kafka:9092' }, /must be host:port/],
    ['no broker', { KAFKA_BROKERS: ' , ' }, /must be host:port/],
    [
      'half of the credentials',
      { KAFKA_BROKERS: 'kafka:9092', KAFKA_SASL_USERNAME: 'medley' },
      /KAFKA_SASL_MECHANISM: is required.*\n.*KAFKA_SASL_PASSWORD: is required/,
    ],
    [
      'another mechanism',
      { KAFKA_BROKERS: 'kafka:9092', KAFKA_SASL_MECHANISM: 'GSSAPI' },
      /KAFKA_SASL_MECHANISM/,
    ],
    [
      'a file that is not there',
      { KAFKA_BROKERS: 'kafka:9092', KAFKA_TLS: 'true', KAFKA_TLS_CA: '/nowhere/ca.pem' },
      /KAFKA_TLS_CA: the file cannot be read/,
    ],
    [
      'certificates without TLS',
      { KAFKA_BROKERS: 'kafka:9092', KAFKA_TLS_CA: '/nowhere/ca.pem' },
      /KAFKA_TLS_CA: has no effect without KAFKA_TLS=true/,
    ],
  ])('cannot be %s', (_what, environment, message) => {
    expect(() => open(environment)).toThrow(ConfigError);
    expect(() => open(environment)).toThrow(message);
  });
});
