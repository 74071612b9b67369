import { readConfig } from '@medley/config';
import { createLogger } from '@medley/service';
import { findFreePort } from '@medley/testing';
import { type Standalone, startStandalone } from '../../src/app.ts';
import { standaloneConfig } from '../../src/config.ts';
import type { Screen } from '../../src/screen.ts';

/** Shows nothing. */
export const quietScreen: Screen = {
  line: () => {},
  progress: () => {},
  step: (_, work) => work(() => {}),
};

/**
 * Starts the service on free ports, without a word.
 * @param env what is set beside, or instead of, what a test needs
 */
export async function startQuietly(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Standalone> {
  const config = readConfig(standaloneConfig, {
    DATA_DIR: dataDir,
    PORT: String(await findFreePort()),
    EDGE_PORT: String(await findFreePort()),
    SAMPLE_LISTENING: 'off',
    ...env,
  });
  return startStandalone(config, { screen: quietScreen, logger: createLogger('test', 'silent') });
}
