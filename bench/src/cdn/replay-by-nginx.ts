import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createSliceCache, SLICE_BYTES } from '@medley/edge/cache/slice-cache';
import { startTestNginx } from '@medley/testing/nginx';
import { createAudioLibrary } from './audio-library.ts';
import { createListening } from './listening.ts';
import { createSignedFiles } from './signed-files.ts';
import { loadSlices, type SliceRequest } from './slice-load.ts';
import { startStandInOrigin } from './stand-in-origin.ts';

const tracks = 200;
const plays = 1_700;
const cacheBytes = 1_000_000_000;
/** nginx looks every ten seconds whether its cache is too large: in that time little may be fetched, beside its size. */
const slicesPerSecond = 200;
const connections = 8;

/**
 * The same listening through nginx, over HTTP, and through the slice cache, to see whether what is told of one holds for the other. Only
 * the second half counts: the caches are full then. Nothing where there is no nginx.
 */
export async function compareWithNginx(): Promise<void> {
  const library = createAudioLibrary(tracks);
  const files = createSignedFiles(library);
  const heard = createListening(library, { days: 1, playsPerDay: plays, exponent: 1, driftPercent: 0 });
  const requests: SliceRequest[] = [];
  for (let play = 0; play < plays; play += 1) {
    const [track, quality] = [heard.track[play] as number, heard.quality[play] as number];
    const size = library.fileBytes(track, quality);
    for (let index = 0; index < (heard.slices[play] as number); index += 1) {
      const first = index * SLICE_BYTES;
      requests.push({
        path: files.signedPathOf(track, quality),
        first,
        last: Math.min(first + SLICE_BYTES, size) - 1,
      });
    }
  }
  const half = requests.length >> 1;
  const origin = await startStandInOrigin(files.sizeOf);
  const nginx = await startTestNginx({
    signingKeys: files.signingKeys,
    originUrl: origin.url,
    originSecret: origin.secret,
    cacheBytes,
    workers: 1,
  });
  try {
    if (!nginx) return;
    const seconds = Math.round(requests.length / slicesPerSecond);
    console.log(
      `\n${requests.length.toLocaleString('en')} slices of ${tracks} tracks through a cache of ${cacheBytes / 1e9} GB, ` +
        `${slicesPerSecond} a second (${seconds} s):`,
    );
    await loadPaced(nginx.url, requests.slice(0, half));
    const fetchedBefore = origin.fetchedBytes();
    const sizes = sampleSizes(join(nginx.accessLog, '..', '..', 'cache', 'audio'));
    const { bytes } = await loadPaced(nginx.url, requests.slice(half));
    const meanBytes = Math.round(await sizes.mean());
    const row = (cache: string, size: number, hitRate: number) => ({
      cache,
      'holds, GB': Number((size / 1e9).toFixed(2)),
      'hit rate by bytes': `${(100 * hitRate).toFixed(1)} %`,
    });
    console.table([
      row('nginx', meanBytes, 1 - (origin.fetchedBytes() - fetchedBefore) / bytes),
      row('slice cache, as large', meanBytes, await hitRateOfSliceCache(requests, half, meanBytes)),
      row('slice cache', cacheBytes, await hitRateOfSliceCache(requests, half, cacheBytes)),
    ]);
  } finally {
    await nginx?.stop();
    await origin.close();
  }
}

/** Looks each second how much lies in a folder, until the mean is asked for. */
function sampleSizes(folder: string): { mean(): Promise<number> } {
  const samples: Promise<number>[] = [];
  const timer = setInterval(() => samples.push(sizeOfFolder(folder)), 1_000);
  return {
    async mean() {
      clearInterval(timer);
      return (await Promise.all(samples)).reduce((sum, size) => sum + size, 0) / samples.length;
    },
  };
}

async function sizeOfFolder(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  // Some go while they are counted.
  const sizes = files.map(({ parentPath, name }) =>
    stat(join(parentPath, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function loadPaced(url: string, requests: readonly SliceRequest[]) {
  const total = { bytes: 0 };
  const batch = slicesPerSecond / 4;
  const startedAt = performance.now();
  for (let from = 0; from < requests.length; from += batch) {
    const waiting = requests.slice(from, from + batch).values();
    const { bytes } = await loadSlices(url, connections, () => waiting.next().value ?? null);
    total.bytes += bytes;
    await pause(Math.max(0, startedAt + ((from + batch) / slicesPerSecond) * 1_000 - performance.now()));
  }
  return total;
}

async function hitRateOfSliceCache(
  requests: readonly SliceRequest[],
  half: number,
  maxBytes: number,
): Promise<number> {
  const representation = { sizeBytes: 0, contentType: 'audio/ogg', etag: '"1"', lastModified: '' };
  const lengths = new Map(requests.map(({ path, first, last }) => [`${path} ${first}`, last - first + 1]));
  const cache = createSliceCache({
    maxBytes,
    fetch: async (path, first) => ({
      representation,
      bytes: { length: lengths.get(`${path} ${first}`) } as unknown as Buffer,
    }),
  });
  let [sentBytes, hitBytes] = [0, 0];
  for (const [place, { path, first, last }] of requests.entries()) {
    const index = first / SLICE_BYTES;
    if (place >= half) {
      sentBytes += last - first + 1;
      if (cache.has(path, index)) hitBytes += last - first + 1;
    }
    await cache.get(path, index);
  }
  return hitBytes / sentBytes;
}
