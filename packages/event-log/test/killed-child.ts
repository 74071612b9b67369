import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A process that tells what it did, line by line, until it is killed. */
export interface KilledChild {
  /** What it told so far. */
  readonly lines: readonly string[];
  /** `kill -9`; resolves when it is gone and all that it told has been read. */
  kill(): Promise<void>;
}

/** @param source of a module; it is run in the folder of this package */
export function startChild(source: string, args: readonly string[]): KilledChild {
  const options = ['--import', 'tsx', '--input-type=module', '--eval', source, ...args];
  const child: ChildProcess = spawn(process.execPath, options, {
    cwd: new URL('..', import.meta.url),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  reader.on('line', (line) => lines.push(line));
  const ended = Promise.all([once(child, 'exit'), once(reader, 'close')]);
  return {
    lines,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
