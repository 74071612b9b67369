import type { Logger } from './logger.ts';

/** What to tell of the end of a process. */
export interface Farewell {
  stopping(signal: NodeJS.Signals): void;
  couldNotStart(error: unknown): void;
  couldNotStop(error: unknown): void;
}

/**
 * Runs a process until SIGTERM or SIGINT, then stops it in order: status 0. One that comes while it starts waits for
 * the start. A second signal ends it at once. When the start fails the process ends with 1, whatever was opened before:
 * it would live on, and be useless.
 * @param start opens everything and returns how to stop it
 */
export async function runProcess(
  start: () => Promise<() => Promise<void>>,
  farewell: Farewell,
): Promise<void> {
  let signals = 0;
  // Before the start: who sees that it is ready may send a signal in the same moment.
  const onSignal = (signal: NodeJS.Signals) => {
    signals += 1;
    if (signals > 1) process.exit(1);
    farewell.stopping(signal);
    starting
      .then((stop) => stop())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          farewell.couldNotStop(error);
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  const starting = start();
  try {
    await starting;
  } catch (error) {
    farewell.couldNotStart(error);
    process.exit(1);
  }
}

/** `runProcess` that tells a logger. */
export function runUntilSignal(logger: Logger, start: () => Promise<() => Promise<void>>): Promise<void> {
  return runProcess(start, {
    stopping: (signal) => logger.info({ signal }, 'stopping'),
    couldNotStart: (error) => logger.fatal({ err: error }, 'could not start'),
    couldNotStop: (error) => logger.error({ err: error }, 'could not stop in order'),
  });
}
