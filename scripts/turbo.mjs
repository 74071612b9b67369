// Runs turbo as every script here means it: without telemetry, and readable also where there is no terminal.
import { spawnSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = fileURLToPath(new URL('../node_modules/turbo/bin/turbo', import.meta.url));

/** @returns the exit code of `turbo run <args>` */
export function runTurbo(args) {
  // Generating is a step before many commands, whose own output is what people came for: it speaks when it fails.
  const quiet = args[0] === 'generate';
  const { status, stdout } = spawnSync(process.execPath, [bin, 'run', ...args, '--output-logs=new-only'], {
    cwd: root,
    stdio: quiet ? ['inherit', 'pipe', 'inherit'] : 'inherit',
    env: {
      ...process.env,
      TURBO_TELEMETRY_DISABLED: '1',
      DO_NOT_TRACK: '1',
      TURBO_PRINT_VERSION_DISABLED: '1',
    },
  });
  if (quiet && status !== 0) process.stderr.write(stdout);
  return status ?? 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = runTurbo(process.argv.slice(2));
}
