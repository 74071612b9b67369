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
  let awaited = false;

  function start(): ChildProcess {
    const source = fileURLToPath(new URL(`./${program}.ts`, import.meta.url));
    const started = spawn(nodePath, ['--import', 'tsx', source, JSON.stringify(setting)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    started.once('exit', (code) => {
      if (!awaited && started === process) onEnd(new Error(`a ${program} ended by itself with ${code}`));
    });
    return started;
  }

  async function end(signal: NodeJS.Signals) {
    awaited = true;
    const exit = once(process, 'exit');
    process.kill(signal);
    await exit;
  }

  return {
    name: program,
    async kill() {
      await end('SIGKILL');
      process = start();
      awaited = false;
    },
    stop: () => end('SIGTERM'),
  };
}

const nodePath = process.execPath;
