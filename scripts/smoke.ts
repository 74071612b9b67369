/**
 * Starts the service as a user would, on free ports and a folder of its own, asks it one question, stops it.
 * Fails, with the end of the log, when it is not ready in two minutes, answers wrongly or does not stop cleanly.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const readyWithinMs = 120_000;
const stopsWithinMs = 30_000;

const [port, edgePort] = await Promise.all([freePort(), freePort()]);
const folder = await mkdtemp(join(tmpdir(), 'medley-smoke-'));
const base = `http://127.0.0.1:${port}`;
const startedAt = Date.now();

let log = '';
const service = spawn('npm', ['start'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  env: { ...process.env, PORT: String(port), EDGE_PORT: String(edgePort), DATA_DIR: join(folder, 'data') },
  stdio: ['ignore', 'pipe', 'pipe'],
  // A group of its own, so that nothing of it can outlive this script.
  detached: true,
});
service.stdout.on('data', (chunk) => (log += chunk));
service.stderr.on('data', (chunk) => (log += chunk));
const exited = new Promise<number | string>((resolve) => {
  service.on('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
});

try {
  await untilReady();
  console.log(`ready after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  await ask();
  service.kill('SIGTERM');
  const exit = await Promise.race([exited, sleep(stopsWithinMs, 'no exit in time', { ref: false })]);
  if (exit !== 0) throw new Error(`after SIGTERM it ended with ${exit}, not with 0`);
  if (await answers(`${base}/healthz`)) throw new Error('npm has ended, but the service still answers');
  console.log('stopped cleanly');
} catch (error) {
  console.error(log.split('\n').slice(-60).join('\n'));
  console.error(error);
  process.exitCode = 1;
} finally {
  if (service.pid) killGroup(service.pid);
  await rm(folder, { recursive: true, force: true });
}

async function untilReady(): Promise<void> {
  let ended: number | string | undefined;
  void exited.then((exit) => {
    ended = exit;
  });
  while (!(await answers(`${base}/readyz`))) {
    if (ended !== undefined) throw new Error(`it ended with ${ended} before it was ready`);
    if (Date.now() - startedAt > readyWithinMs) throw new Error(`not ready after ${readyWithinMs} ms`);
    await sleep(200);
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );
}

async function ask(): Promise<void> {
  const response = await fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ genres(first: 3) { nodes { name } } }' }),
    signal: AbortSignal.timeout(10_000),
  });
  const body = await response.text();
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${body}`);
  const { data, errors } = JSON.parse(body) as { data?: { genres?: { nodes: unknown[] } }; errors?: unknown };
  if (errors || !data?.genres) throw new Error(`not the answer: ${body}`);
  if (data.genres.nodes.length === 0) throw new Error('a fresh start has nothing to play: there is no genre');
  console.log(body);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended, which is what is wanted.
  }
}
