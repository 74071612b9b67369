import type { Logger } from './logger.ts';

/**
 * Runs a process until SIGTERM or SIGINT, then stops it; a second signal ends it at once.
 * @param start opens everything and returns how to stop it; when it throws, the message is logged and the process ends with 1,
 *   whatever it opened before
 */
export async function runUntilSignal(
  logger: Logger,
  start: () => Promise<() => Promise<void>>,
): Promise<void> {
  let stop: () => Promise<void>;
  try {
    stop = await start();
  } catch (error) {
    logger.fatal({ err: error }, 'could not start');
    // What was opened before the failure would keep the process alive, and useless.
    process.exit(1);
  }
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals) => {
    signals += 1;
    if (signals > 1) process.exit(1);
    logger.info({ signal }, 'stopping');
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'could not stop in order');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
