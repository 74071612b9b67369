import type { Logger } from '@medley/service';
import { type LogEntry, logLevel } from 'kafkajs';

/**
 * What kafkajs says, for pino. Its errors are tries that failed: we tell what came of them, so they are warnings here, and the
 * same one once a minute, as it repeats itself several times a second while a broker is away.
 */
export function logTo(logger: Logger, isSevered: () => boolean) {
  const said = new Map<string, number>();

  function isRepeated(text: string): boolean {
    const now = Date.now();
    const last = said.get(text) ?? 0;
    if (now - last < 60_000) return true;
    if (said.size >= 100) said.clear();
    said.set(text, now);
    return false;
  }

  return ({ namespace, level, log }: LogEntry): void => {
    const { message, timestamp: _, logger: __, stack: ___, ...details } = log;
    const text = `kafkajs ${namespace}: ${message}`;
    if (level === logLevel.DEBUG) logger.trace(details, text);
    else if (level === logLevel.INFO || isSevered() || isRoutine(message) || isRepeated(text)) {
      logger.debug(details, text);
    } else logger.warn(details, text);
  };
}

/** Said where nothing is wrong, or where we say it. */
const isRoutine = (message: string) =>
  message.startsWith('The group is rebalancing') ||
  message.startsWith('Response ') ||
  message.startsWith('Crash: ') ||
  message.startsWith('Topic has been updated') ||
  message.startsWith('Consumer is not aware of all assigned partitions') ||
  message.startsWith('The coordinator is not aware of this member');
