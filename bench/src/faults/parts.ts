import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Setting } from './setting.ts';

/** A process that can be killed, and is started again. */
export interface Victim {
  readonly name: string;
  /** `kill -9`, and a new one in its place. */
  kill(): Promise<void>;
  /** SIGTERM; resolves when it has finished what was under way. */
  stop(): Promise<void>;
}

/** One of the programs beside this file. When it ends by itself, that is told. */
export function startProgram(
  program: 'counter' | 'relayer' | 'reporter',
  setting: Setting,
  onEnd: (error: Error) => void,
): Victim {
  let process = start();
  let ready = once(process, 'message');
  let awaited = false;

  function start(): ChildProcess {
    const source = fileURLToPath(new URL(`./${program}.ts`, import.meta.url));
    const started = spawn(nodePath, ['--import', 'tsx', source, JSON.stringify(setting)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    started.once('exit', (code, signal) => {
      if (!awaited && started === process)
        onEnd(new Error(`a ${program} ended by itself with ${code ?? signal}`));
    });
    return started;
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    awaited = true;
    if (process.exitCode !== null || process.signalCode !== null) return;
    const exit = once(process, 'exit');
    process.kill(signal);
    await exit;
  }

  return {
    name: program,
    async kill() {
      await end('SIGKILL');
      process = start();
      ready = once(process, 'message');
      awaited = false;
    },
    async stop() {
      // Before it listens to signals, one ends it with what it should have finished.
      if (process.exitCode === null && process.signalCode === null) await ready;
      await end('SIGTERM');
    },
  };
}

const nodePath = process.execPath;
