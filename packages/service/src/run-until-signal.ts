import type { Logger } from './logger.ts';

/** What to tell of the end of a process. */
export interface Farewell {
  stopping(signal: NodeJS.Signals): void;
  couldNotStart(error: unknown): void;
  /** What it runs for has ended, as by `crash`; it stops now. */
  crashed(error: unknown): void;
  couldNotStop(error: unknown): void;
}

/** What a process can do about itself. */
export interface RunningProcess {
  /**
   * Something that the process runs for has ended for good, such as a consumer: the process stops in order and ends with 1, so that
   * whoever runs it starts it again. Called while it starts, it waits for the start. A second call is only told.
   */
  crash(error: unknown): void;
}

/** Opens everything and returns how to stop it. */
export type StartProcess = (running: RunningProcess) => Promise<() => Promise<void>>;

/**
 * Runs a process until SIGTERM or SIGINT, then stops it in order: status 0. One that comes while it starts waits for
 * the start. A second signal ends it at once. When the start fails the process ends with 1, whatever was opened before:
 * it would live on, and be useless.
 */
export async function runProcess(start: StartProcess, farewell: Farewell): Promise<void> {
  let signals = 0;
  let crashed = false;
  let ending: Promise<void> | undefined;
  const end = async () => {
    try {
      // A crash may be called before `start` has returned its promise.
      await Promise.resolve();
      const stop = await starting;
      await stop();
    } catch (error) {
      farewell.couldNotStop(error);
      process.exit(1);
    }
    process.exit(crashed ? 1 : 0);
  };
  // Before the start: who sees that it is ready may send a signal in the same moment.
  const onSignal = (signal: NodeJS.Signals) => {
    signals += 1;
    if (signals > 1) process.exit(1);
    farewell.stopping(signal);
    ending ??= end();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  const crash = (error: unknown) => {
    crashed = true;
    farewell.crashed(error);
    if (ending) return;
    ending = end();
    // Nobody waits for this end with a deadline of his own, as for that of a signal.
    setTimeout(() => process.exit(1), stopAfterCrashMs).unref();
  };
  const starting = start({ crash });
  try {
    await starting;
  } catch (error) {
    farewell.couldNotStart(error);
    process.exit(1);
  }
}

/** How long an end in order may take after a crash. */
const stopAfterCrashMs = 60_000;

/** `runProcess` that tells a logger. */
export function runUntilSignal(logger: Logger, start: StartProcess): Promise<void> {
  return runProcess(start, {
    stopping: (signal) => logger.info({ signal }, 'stopping'),
    couldNotStart: (error) => logger.fatal({ err: error }, 'could not start'),
    crashed: (error) => logger.fatal({ err: error }, 'crashed; stopping'),
    couldNotStop: (error) => logger.error({ err: error }, 'could not stop in order'),
  });
}
