import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What it does with a request for `/<mood>/…`. */
export type Mood = 'fine' | 'starved' | 'refused' | 'broken' | 'garbage' | 'unknown' | 'silent' | 'dead';

/**
 * An edge for audio of its own making, with the headers of a real one and moods. `starved`: it gives five seconds of sound, then nothing for as
 * long as the test says.
 */
export async function startMoodyEdge(allowedOrigin: string, { starvedMs }: { readonly starvedMs: number }) {
  const sound = toneOf(seconds);
  const open = new Set<ServerResponse>();
  const asked: { readonly path: string; readonly range: string | undefined }[] = [];
  const quietMs = new Map<string, number>();

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const mood = request.url?.split('/')[1] as Mood;
    for (const [name, value] of Object.entries(headersFor(allowedOrigin))) response.setHeader(name, value);
    if (mood === 'dead') return void response.destroy();
    if (mood === 'silent') return;
    if (mood === 'refused') return void response.writeHead(410, plain).end('This link has expired.\n');
    if (mood === 'broken') return void response.writeHead(502, plain).end('The audio cannot be had.\n');
    const body = mood === 'garbage' || mood === 'unknown' ? Buffer.alloc(100_000, 7) : sound;
    const [, from = '0', to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
    const first = Number(from);
    const last = to ? Math.min(Number(to), body.length - 1) : body.length - 1;
    response.writeHead(206, {
      'content-type': mood === 'unknown' ? 'audio/x-unheard-of' : 'audio/wav',
      'content-length': last - first + 1,
      'content-range': `bytes ${first}-${last}/${body.length}`,
      etag: '"tone"',
      'x-cache': 'HIT',
      'server-timing': 'cdn-cache;desc=HIT',
    });
    const wanted = body.subarray(first, last + 1);
    if (mood !== 'starved') return void response.end(wanted);
    const atOnce = Math.max(0, secondsAtOnce * bytesPerSecond - first);
    response.write(wanted.subarray(0, atOnce));
    const quietSince = performance.now();
    setTimeout(() => {
      const path = request.url ?? '';
      if (!quietMs.has(path)) quietMs.set(path, performance.now() - quietSince);
      response.end(wanted.subarray(atOnce));
    }, starvedMs);
  }

  const server = createServer((request, response) => {
    open.add(response);
    asked.push({ path: request.url ?? '', range: request.headers.range });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    url: (mood: Mood) =>
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/${mood}/${Math.random().toString(36).slice(2)}`,
    seconds,
    secondsAtOnce,
    sizeBytes: sound.length,
    /** What was asked of it, in that order. */
    rangesOf: (url: string) => asked.filter(({ path }) => url.endsWith(path)).map(({ range }) => range),
    /** For how long it gave nothing, when it was first asked for this; 0 while it has not gone on. */
    quietMsOf: (url: string) => quietMs.get(new URL(url).pathname) ?? 0,
    async stop() {
      for (const response of open) response.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const seconds = 10;
/** Chromium begins when it has about four. */
const secondsAtOnce = 5;
const bytesPerSecond = 96_000;
const plain = { 'content-type': 'text/plain' };

const headersFor = (allowedOrigin: string) => ({
  'access-control-allow-origin': allowedOrigin,
  'access-control-expose-headers': 'X-Cache',
  'timing-allow-origin': allowedOrigin,
  'accept-ranges': 'bytes',
  'cache-control': 'private, max-age=600, immutable',
});

// RIFF/WAVE, PCM, 16 bits, mono, 48 kHz.
function toneOf(lengthSeconds: number): Buffer {
  const samples = Buffer.alloc(lengthSeconds * bytesPerSecond);
  for (let index = 0; index < samples.length / 2; index += 1) {
    samples.writeInt16LE(Math.round(8_000 * Math.sin(index / 17)), 2 * index);
  }
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(bytesPerSecond / 2, 24);
  header.writeUInt32LE(bytesPerSecond, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}
