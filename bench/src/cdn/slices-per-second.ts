import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SLICE_BYTES } from '@medley/edge/cache/slice-cache';
import { startBareNginx, startTestNginx } from '@medley/testing/nginx';
import { childrenOf, cpuMsOf } from '../cpu-time.ts';
import { createRandom } from '../random.ts';
import type { AudioLibrary } from './audio-library.ts';
import type { EdgeProcessSettings } from './edge-process.ts';
import { createSignedFiles, type SignedFiles } from './signed-files.ts';
import { loadSlices, type SliceRequest } from './slice-load.ts';
import { type StandInOrigin, startStandInOrigin } from './stand-in-origin.ts';

const slicesPerFile = 8;
const [connections, rounds, slicesPerRound] = [16, 3, 6_000];
/** Files that are asked for, all of them in every cache. */
const hot: AudioLibrary = { tracks: 48, totalBytes: 0, fileBytes: () => slicesPerFile * SLICE_BYTES };
const quality = 2;

/** Something that answers with slices, as a process of its own. */
interface Server {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  stop(): Promise<unknown>;
}

interface Round {
  readonly slicesPerSecond: number;
  readonly cpuMsPerSlice: number;
}

/**
 * Slices of 512 KB out of the caches of our nginx and of the embedded edge, beside a bare nginx that sends files and a bare Node server, in
 * turns; one core each, and the best of three rounds. Without nginx the two on Node alone.
 */
export async function measureSlices(): Promise<void> {
  const files = createSignedFiles(hot);
  const origin = await startStandInOrigin(files.sizeOf);
  const servers: Server[] = [];
  const results = new Map<Server, Round[]>();
  try {
    for (const start of [startOurNginx, startFilesByNginx, startOurEdge, startBareNode]) {
      const server = await start(files, origin);
      if (server) servers.push(server);
    }
    // The first pass fills the caches.
    for (const { url } of servers) await load(url, everySlice(files).values());
    for (let round = 0; round < rounds; round += 1) {
      for (const server of servers)
        results.set(server, [...(results.get(server) ?? []), await measure(server, files)]);
    }
  } finally {
    for (const server of servers) await server.stop();
    await origin.close();
  }
  console.log(
    `\nSlices of 512 KB that are in the cache, ${connections} connections, one core, the best of ${rounds} rounds:`,
  );
  console.table(
    servers.map((server) => {
      const best = (results.get(server) ?? []).reduce((a, b) => (b.cpuMsPerSlice < a.cpuMsPerSlice ? b : a));
      return {
        server: server.name,
        'slices/s': Math.round(best.slicesPerSecond),
        'Gbit/s': Number(((best.slicesPerSecond * SLICE_BYTES * 8) / 1e9).toFixed(1)),
        'CPU ms/slice': Number(best.cpuMsPerSlice.toFixed(3)),
        'slices/s and core': Math.round(1_000 / best.cpuMsPerSlice),
      };
    }),
  );
}

async function measure({ url, pid }: Server, files: SignedFiles): Promise<Round> {
  const slices = everySlice(files);
  const random = createRandom(37);
  const cpuBefore = cpuMsOf(pid);
  const requests = Array.from({ length: slicesPerRound }, () => random.pick(slices));
  const loaded = await load(url, requests.values());
  return {
    slicesPerSecond: loaded.slices / loaded.seconds,
    cpuMsPerSlice: (cpuMsOf(pid) - cpuBefore) / loaded.slices,
  };
}

const load = (url: string, requests: ArrayIterator<SliceRequest>) =>
  loadSlices(url, connections, () => requests.next().value ?? null);

function everySlice(files: SignedFiles): SliceRequest[] {
  return Array.from({ length: hot.tracks * slicesPerFile }, (_, number) => {
    const first = (number % slicesPerFile) * SLICE_BYTES;
    const path = files.signedPathOf(Math.floor(number / slicesPerFile), quality);
    return { path, first, last: first + SLICE_BYTES - 1 };
  });
}

const startOurNginx = (files: SignedFiles, { url: originUrl, secret: originSecret }: StandInOrigin) =>
  withPid('nginx of edge/nginx', () =>
    startTestNginx({ signingKeys: files.signingKeys, originUrl, originSecret, workers: 1 }),
  );

async function startFilesByNginx(files: SignedFiles): Promise<Server | null> {
  const folder = await mkdtemp(join(tmpdir(), 'medley-bench-'));
  const bytes = Buffer.alloc(slicesPerFile * SLICE_BYTES, 1);
  for (let track = 0; track < hot.tracks; track += 1) {
    const file = join(folder, files.pathOf(track, quality));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  const nginx = await withPid('bare nginx, files', () =>
    startBareNginx({
      workers: 1,
      http: (port) =>
        `access_log off; sendfile on; tcp_nopush on; server { listen 127.0.0.1:${port}; root ${folder}; }`,
    }),
  );
  const remove = () => rm(folder, { recursive: true });
  if (nginx) return { ...nginx, stop: () => nginx.stop().then(remove) };
  await remove();
  return null;
}

const startOurEdge = (files: SignedFiles, { url: originUrl, secret: originSecret }: StandInOrigin) =>
  startProcess('embedded edge', {
    edge: { signingKeys: files.signingKeys, originUrl, originSecret, cacheBytes: 2 ** 30 },
  });

const startBareNode = () => startProcess('bare Node server', { edge: null });

async function startProcess(name: string, settings: EdgeProcessSettings): Promise<Server> {
  const child = fork(fileURLToPath(new URL('./edge-process.ts', import.meta.url)));
  child.send(settings);
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return {
    name,
    url,
    pid: child.pid as number,
    async stop() {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}

/** Its process is the one that is there afterwards and was not before. */
async function withPid(
  name: string,
  start: () => Promise<{ url: string; stop(): Promise<void> } | null>,
): Promise<Server | null> {
  const before = new Set(childrenOf(process.pid));
  const started = await start();
  if (!started) return null;
  const pid = childrenOf(process.pid).find((child) => !before.has(child)) as number;
  return { name, pid, url: started.url, stop: () => started.stop() };
}
