import type { Logger } from '@medley/service';
import { type LogEntry, logLevel } from 'kafkajs';

/** Takes what one client of kafkajs says. */
export type KafkaLogSink = (entry: LogEntry, isSevered: boolean) => void;

/**
 * What the clients of kafkajs say, for pino. That a try failed is theirs to say a hundred times and ours to say once, so it is for
 * who looks closely; of what else they complain the same once a minute.
 */
export function createKafkaLogSink(logger: Logger): KafkaLogSink {
  const said = new Map<string, number>();

  function isRepeated(text: string): boolean {
    const now = Date.now();
    const last = said.get(text) ?? 0;
    if (now - last < 60_000) return true;
    if (said.size >= 100) said.clear();
    said.set(text, now);
    return false;
  }

  return ({ namespace, level, log }, isSevered) => {
    const { message, timestamp: _, logger: __, stack: ___, ...details } = log;
    const text = `kafkajs ${namespace}: ${message}`;
    if (level === logLevel.DEBUG) logger.trace(details, text);
    else if (level === logLevel.INFO || isSevered || isRoutine(message) || isRepeated(text)) {
      logger.debug(details, text);
    } else logger.warn(details, text);
  };
}

const isRoutine = (message: string) => routine.some((beginning) => message.startsWith(beginning));

/** Said where nothing is wrong, or where we say it. */
const routine = [
  'Connection error',
  'Connection timeout',
  'Failed to connect',
  'Failed to send messages',
  'Request ',
  'Response ',
  'Crash: ',
  'The group is rebalancing',
  'The coordinator is not aware of this member',
  'Topic has been updated',
  'Consumer is not aware of all assigned partitions',
];
