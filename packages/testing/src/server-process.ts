import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** A server as a process of a test's own, which can be made to suffer. */
export interface ServerProcess {
  /** It hangs: connections stay, nothing is answered. */
  pause(): void;
  resume(): void;
  /** It is gone at once, as by `kill -9`; what it has written stays. */
  kill(): Promise<void>;
  /** After `kill`: the same again. It resolves when the server is up. */
  start(): Promise<void>;
}

export interface ServerProcessOptions {
  /** For people. */
  readonly name: string;
  readonly command: readonly [program: string, ...given: string[]];
  readonly cwd?: string;
  /** Where it says what it does, anew at each start. Left out, nobody listens. */
  readonly log?: string;
  /** Asked again and again until it is so. */
  readonly isUp: () => Promise<boolean>;
}

/** Starts nothing yet. What is not killed dies with this process. */
export function createServerProcess({ name, command, cwd, log, isUp }: ServerProcessOptions): ServerProcess {
  const [program, ...given] = command;
  let server: ChildProcess | null = null;
  const end = () => server?.kill('SIGKILL');

  return {
    pause: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    async kill() {
      process.off('exit', end);
      const ending = server;
      server = null;
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
      const exit = once(ending, 'exit');
      ending.kill('SIGKILL');
      await exit;
    },
    async start() {
      const output = log === undefined ? 'ignore' : openSync(log, 'w');
      const started = spawn(program, given, { cwd, stdio: ['ignore', output, output] });
      if (typeof output === 'number') closeSync(output);
      await once(started, 'spawn');
      server = started;
      // A test run that is cut short leaves none behind.
      process.once('exit', end);
      while (!(await isUp())) {
        if (started.exitCode !== null) {
          const said = log === undefined ? '' : await readFile(log, 'utf8');
          throw new Error(`${name} ended with ${started.exitCode}: ${said.slice(-2_000)}`);
        }
        await pause(50);
      }
    },
  };
}
