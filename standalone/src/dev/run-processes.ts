import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { installation } from '../installation.ts';
import type { DevProcess } from './processes.ts';

/**
 * Runs processes from source and starts each again when a file of it changes. Their lines get their name in front.
 * @param inherited variables that every process gets, such as PATH
 * @returns how to stop them all
 */
export function runProcesses(
  processes: readonly DevProcess[],
  inherited: Readonly<Record<string, string | undefined>>,
  line: (text: string) => void,
): { stop(): Promise<void> } {
  const width = Math.max(...processes.map(({ name }) => name.length));
  const children = processes.map(({ name, entry, environment }) => {
    const child = spawn(
      process.execPath,
      [tsx, 'watch', '--clear-screen=false', '--include', schema, entry],
      {
        cwd: installation,
        env: { ...inherited, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (text) => line(`${name.padEnd(width)} │ ${text}`));
    }
    return child;
  });
  return {
    async stop() {
      await Promise.all(children.map(endChild));
    },
  };
}

const tsx = 'node_modules/tsx/dist/cli.mjs';
// Read at the start and imported by nobody, so tsx would not watch it.
const schema = 'schema/**/*.graphql';

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
