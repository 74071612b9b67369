import { type ChildProcess, execFile, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export type ProcessName = 'router-process' | 'bare-process' | 'subgraphs-process' | 'listeners-process';

/** Starts a process of the benchmark. */
export type StartProcess = (
  name: ProcessName,
  args?: readonly string[],
  nodeOptions?: readonly string[],
) => ChildProcess;

const options = ['--expose-gc', '--enable-source-maps', '--max-semi-space-size=64'];

/** As it stands in the source; the compiler gives each function a name of its own then, which costs time and memory. */
export const startFromSource: StartProcess = (name, args = [], nodeOptions = []) =>
  fork(fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), args, {
    execArgv: ['--import', 'tsx', ...options, ...nodeOptions],
  });

/** Bundles all processes, as what is deployed is bundled. */
export async function bundleProcesses(): Promise<StartProcess> {
  const folder = fileURLToPath(new URL('../..', import.meta.url));
  await promisify(execFile)('npm', ['run', 'bundle'], { cwd: folder });
  return (name, args = [], nodeOptions = []) =>
    fork(`${folder}dist/${name}.js`, args, { execArgv: [...options, ...nodeOptions] });
}
