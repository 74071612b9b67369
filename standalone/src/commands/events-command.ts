import { type ParseArgsConfig, parseArgs } from 'node:util';
import { readConfig } from '@medley/config';
import { type EventLog, eventLogConfig, openEventLog } from '@medley/event-log';
import { createLogger, createMetrics } from '@medley/service';
import { standaloneConfig } from '../config.ts';
import { InterruptedError, runCommandLine, untilInterrupted } from '../control/command-line.ts';
import type { Command } from '../control/protocol.ts';
import { openLog } from '../event-log.ts';
import { createTerminalScreen } from '../screen.ts';

/** Wrong arguments of a command; the message says what was expected. */
export class ArgumentsError extends Error {}

/**
 * Runs a command on the event log: on Kafka where `KAFKA_BROKERS` names it, else on the log of the standalone service, through it when
 * it runs. Exit status: 0 when it is done, 1 when it failed, 2 for wrong arguments, 130 when it was interrupted.
 */
export async function runEventsCommand(
  name: string,
  command: Command<{ eventLog: EventLog }>,
  { usage, readArguments }: { usage: string; readArguments: (argv: string[]) => object },
): Promise<void> {
  let interrupted = () => false;
  try {
    const args = readArguments(process.argv.slice(2));
    const { DATA_DIR, ...config } = readConfig(
      { DATA_DIR: standaloneConfig.DATA_DIR, ...eventLogConfig },
      process.env,
    );
    const logger = createLogger('events', 'error');
    const runOn = async (eventLog: EventLog, run: Parameters<typeof command>[2]) => {
      interrupted = () => run.signal.aborted;
      return command({ eventLog }, args, run).finally(() => eventLog.close());
    };
    if (config.KAFKA_BROKERS ?? config.EVENT_LOG_URL) {
      const log = openEventLog(config, { logger, metrics: createMetrics(), clientId: 'events' });
      await runOn(log, { screen: createTerminalScreen(process.stderr), signal: untilInterrupted() });
    } else {
      await runCommandLine(DATA_DIR, name, args, async (folder, run) =>
        runOn(await openLog(folder.path, logger), run),
      );
    }
    if (interrupted()) process.exitCode = 130;
  } catch (error) {
    // To follow a replay once more is no replay once more: "run it again" would be wrong.
    const left = error instanceof InterruptedError;
    console.error(left ? 'interrupted' : (error as Error).message);
    if (error instanceof ArgumentsError) console.error(`\n${usage}`);
    process.exitCode = error instanceof ArgumentsError ? 2 : left || interrupted() ? 130 : 1;
  }
}

/** @throws ArgumentsError for options that there are not */
export function readOptions<Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new ArgumentsError((error as Error).message);
  }
}
