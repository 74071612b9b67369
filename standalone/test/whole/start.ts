import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@medley/config';
import { createLogger } from '@medley/service';
import { findFreePort } from '@medley/testing';
import { type Standalone, startStandalone } from '../../src/app.ts';
import { standaloneConfig } from '../../src/config.ts';
import type { Screen } from '../../src/screen.ts';

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  data: any;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
}

/** A whole service of a test's own, and a client that speaks to it over HTTP. */
export interface WholeService extends Standalone {
  readonly dataDir: string;
  /**
   * @param as a persona; nobody when left out
   * @param from the address that the client seems to have; none that any database knows when left out
   */
  ask(query: string, variables?: object, who?: { as?: string; from?: string }): Promise<Answer>;
  tokenOf(persona: string): string;
}

/** Shows nothing. */
export const quietScreen: Screen = {
  line: () => {},
  progress: () => {},
  step: (_, work) => work(() => {}),
};

export interface WholeServiceOptions {
  /** Made when left out; `stop` removes it. */
  readonly dataDir?: string;
  /** What is set beside, or instead of, what a test needs. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts it on free ports and a folder of its own; `stop` removes the folder. */
export async function startWholeService({
  dataDir: given,
  env,
}: WholeServiceOptions = {}): Promise<WholeService> {
  const dataDir = given ?? (await mkdtemp(join(tmpdir(), 'medley-whole-')));
  const config = readConfig(standaloneConfig, {
    DATA_DIR: dataDir,
    PORT: String(await findFreePort()),
    EDGE_PORT: String(await findFreePort()),
    SAMPLE_LISTENING: 'off',
    ...env,
  });
  const standalone = await startStandalone(config, {
    screen: quietScreen,
    logger: createLogger('test', 'silent'),
  });
  const tokenOf = (name: string) => {
    const persona = standalone.personas.find((known) => known.name === name);
    if (!persona) throw new Error(`there is no persona ${name}`);
    return persona.token;
  };
  return {
    ...standalone,
    dataDir,
    tokenOf,
    async ask(query, variables = {}, { as, from = '192.0.2.1' } = {}) {
      const response = await fetch(`${standalone.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-forwarded-for': from,
          ...(as && { authorization: `Bearer ${tokenOf(as)}` }),
        },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as Answer;
    },
    async stop() {
      await standalone.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}
