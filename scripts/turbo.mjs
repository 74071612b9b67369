// Runs turbo as every script here means it: without telemetry, and readable also where there is no terminal.
import { spawn } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = fileURLToPath(new URL('../node_modules/turbo/bin/turbo', import.meta.url));

/**
 * @param {string[]} args
 * @param {(task: string) => void} [onTask] told of each task that is begun, such as `//:generate`, in place of its
 *   output, which is shown when something fails
 * @returns the exit code of `turbo run <args>`
 */
export async function runTurbo(args, onTask) {
  const child = spawn(process.execPath, [bin, 'run', ...args, '--output-logs=new-only'], {
    cwd: root,
    stdio: ['inherit', onTask ? 'pipe' : 'inherit', 'inherit'],
    env: {
      ...process.env,
      TURBO_TELEMETRY_DISABLED: '1',
      DO_NOT_TRACK: '1',
      TURBO_PRINT_VERSION_DISABLED: '1',
    },
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk) => {
    const before = tasksIn(output);
    output += chunk;
    for (const task of tasksIn(output).slice(before.length)) onTask(task);
  });
  const status = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
  if (status !== 0) process.stderr.write(output);
  return status;
}

const tasksIn = (output) =>
  Array.from(output.matchAll(/^(\S+): cache miss, executing .*\n/gm), ([, task]) => task);

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const args = process.argv.slice(2);
  // Generating is a step before many commands, whose own output is what people came for: it speaks when it fails.
  const silent = args[0] === 'generate';
  process.exitCode = await runTurbo(args, silent ? () => {} : undefined);
}
