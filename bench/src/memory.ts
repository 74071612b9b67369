import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@medley/testing';

/**
 * npm run bench:memory: starts the whole service twice on a folder of its own, as `npm start` does, asks it a few
 * hundred operations, and prints how long it took to start and how much memory it holds. Linux only: it reads /proc.
 */
const repository = fileURLToPath(new URL('../..', import.meta.url));
const dataDir = await mkdtemp(join(tmpdir(), 'medley-bench-'));
const [port, edgePort] = [await findFreePort(), await findFreePort()];
const page =
  '{ artists(first: 20) { nodes { name topTracks(first: 5) { nodes { title playability { playable } } } } } }';

let running: ChildProcess | undefined;
try {
  const first = await startService();
  report('first start', first.ms);
  await printMemory('after the first start', first.child);
  await stopService(first.child);

  const second = await startService();
  report('later start', second.ms);
  await printMemory('after a later start', second.child);
  for (let round = 0; round < 40; round++) await Promise.all(Array.from({ length: 10 }, () => ask(page)));
  await printMemory('after 400 pages of 100 tracks', second.child);
  await stopService(second.child);
} finally {
  running?.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
}

async function startService(): Promise<{ child: ChildProcess; ms: number }> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--max-semi-space-size=64', 'scripts/start.mjs'], {
    cwd: repository,
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      PORT: String(port),
      EDGE_PORT: String(edgePort),
      SAMPLE_LISTENING: 'off',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  running = child;
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`the service ended with status ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { child, ms: performance.now() - startedAt };
}

async function stopService(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

function isReady(): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function ask(query: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { errors } = (await response.json()) as { errors?: unknown };
  if (errors) throw new Error(`the page failed: ${JSON.stringify(errors)}`);
}

async function printMemory(when: string, child: ChildProcess): Promise<void> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  const megabytes = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024;
  console.log(
    `${when.padEnd(32)} ${megabytes('VmRSS').toFixed(0).padStart(6)} MB, peak ${megabytes('VmHWM').toFixed(0)} MB`,
  );
}

function report(what: string, ms: number): void {
  console.log(`${what.padEnd(32)} ${(ms / 1_000).toFixed(1).padStart(6)} s`);
}
