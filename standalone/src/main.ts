import { readConfig } from '@medley/config';
import { createLogger, runProcess } from '@medley/service';
import { startStandalone } from './app.ts';
import { standaloneConfig } from './config.ts';
import { createTerminalScreen } from './screen.ts';
import { welcome } from './welcome.ts';

const screen = createTerminalScreen(process.stdout);

await runProcess(
  async ({ crash }) => {
    const startedAt = performance.now();
    const config = readConfig(standaloneConfig, process.env);
    screen.line(`Medley starts on ${config.DATA_DIR}`);
    const logger = createLogger('medley', config.LOG_LEVEL);
    const standalone = await startStandalone(config, { screen, logger, onCrash: crash });
    for (const line of welcome(standalone, config, performance.now() - startedAt)) screen.line(line);
    return standalone.stop;
  },
  {
    stopping: (signal) => screen.line(`${signal}: finishing what is under way; once more ends it at once`),
    couldNotStart: (error) => screen.line(`Medley could not start: ${(error as Error).message}`),
    crashed: (error) => screen.line(`Medley stops: ${(error as Error).message}`),
    couldNotStop: (error) => screen.line(`Medley did not stop in order: ${(error as Error).message}`),
  },
);
