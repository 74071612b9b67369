import { readConfig } from '@medley/config';
import { createLogger } from '@medley/service';
import { startStandalone } from './app.ts';
import { standaloneConfig } from './config.ts';
import { createTerminalScreen } from './screen.ts';
import { welcome } from './welcome.ts';

const screen = createTerminalScreen(process.stdout);
try {
  const config = readConfig(standaloneConfig, process.env);
  const startedAt = performance.now();
  screen.line(`Medley starts on ${config.DATA_DIR}`);
  const standalone = await startStandalone(config, {
    screen,
    logger: createLogger('medley', config.LOG_LEVEL),
  });
  for (const line of welcome(standalone, config, performance.now() - startedAt)) screen.line(line);
  stopOnSignals(standalone.stop);
} catch (error) {
  screen.line(`Medley could not start: ${(error as Error).message}`);
  process.exit(1);
}

/** The first signal stops the service in order, a second one at once. */
function stopOnSignals(stop: () => Promise<void>): void {
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals) => {
    signals += 1;
    if (signals > 1) process.exit(1);
    screen.line(`${signal}: finishing what is under way; once more ends it at once`);
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        screen.line(`Medley did not stop in order: ${(error as Error).message}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
