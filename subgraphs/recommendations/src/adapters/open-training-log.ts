import {
  type EventLog,
  type EventLogConfig,
  type OpenEventLogOptions,
  openEventLog,
} from '@medley/event-log';

/**
 * The event log in which a training tells that its model serves; null where the environment names none.
 * @throws ConfigError when it names one half
 */
export function openTrainingLog(config: EventLogConfig, options: OpenEventLogOptions): EventLog | null {
  const isNamed = config.KAFKA_BROKERS !== undefined || config.EVENT_LOG_URL !== undefined;
  return isNamed ? openEventLog(config, options) : null;
}
