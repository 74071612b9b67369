import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Standalone } from '../../src/app.ts';
import { copyPreparedFolder } from './prepared-folder.ts';
import { startQuietly } from './start-quietly.ts';

export { quietScreen } from './start-quietly.ts';

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

export interface WholeServiceOptions {
  /** A copy of the prepared one when left out; `stop` removes it. */
  readonly dataDir?: string;
  /** What is set beside, or instead of, what a test needs. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts it on a folder of its own; `stop` removes the folder. */
export async function startWholeService({
  dataDir: given,
  env,
}: WholeServiceOptions = {}): Promise<WholeService> {
  const dataDir = given ?? (await mkdtemp(join(tmpdir(), 'medley-whole-')));
  if (given === undefined) await copyPreparedFolder(dataDir);
  const standalone = await startQuietly(dataDir, env);
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
