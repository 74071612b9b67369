import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SLICE_BYTES } from '@medley/edge/cache/slice-cache';
import { afterEach, describe, expect, it } from 'vitest';
import { createAudioLibrary } from '../src/cdn/audio-library.ts';
import { createListening } from '../src/cdn/listening.ts';
import { replay } from '../src/cdn/replay.ts';
import { loadSlices } from '../src/cdn/slice-load.ts';

describe('a replay of listening', () => {
  const playsPerDay = 1_200;
  const library = createAudioLibrary(300);
  const plays = createListening(library, { days: 3, playsPerDay, exponent: 1, driftPercent: 2 });
  const replayed = (share: number, warm: boolean) =>
    replay({ library, plays, playsPerDay, cacheBytes: Math.round(share * library.totalBytes), warm });

  it('finds in a cache that holds everything whatever was asked for before, and nothing else', async () => {
    const [asked, sent] = [new Set<string>(), { bytes: 0, known: 0 }];
    for (let play = playsPerDay; play < 2 * playsPerDay; play += 1) {
      const [track, quality] = [plays.track[play] as number, plays.quality[play] as number];
      for (let index = 0; index < (plays.slices[play] as number); index += 1) {
        const bytes = Math.min(SLICE_BYTES, library.fileBytes(track, quality) - index * SLICE_BYTES);
        const slice = `${track} ${quality} ${index}`;
        sent.bytes += bytes;
        if (asked.has(slice)) sent.known += bytes;
        asked.add(slice);
      }
    }
    expect((await replayed(1.1, false)).firstDay).toBeCloseTo(sent.known / sent.bytes, 10);
  });

  it('finds more in a larger cache, and more at first in a warmed one', async () => {
    const [small, large, warmed] = [
      await replayed(0.01, false),
      await replayed(0.1, false),
      await replayed(0.1, true),
    ];
    expect(small.lastDay).toBeGreaterThan(0);
    expect(large.lastDay).toBeGreaterThan(small.lastDay);
    expect(warmed.firstHour).toBeGreaterThan(large.firstHour);
    expect(warmed.warmedBytes).toBeGreaterThan(0);
    expect(large.warmedBytes).toBe(0);
  });
});

describe('the load of slices', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  async function serve(status: number, bytes: number): Promise<string> {
    server = createServer((_, response) =>
      response.writeHead(status, { 'content-length': bytes }).end(Buffer.alloc(bytes)),
    );
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const slices = (count: number) =>
    Array.from({ length: count }, () => ({ path: '/audio', first: 0, last: SLICE_BYTES - 1 })).values();
  const load = async (url: string) => {
    const waiting = slices(20);
    return loadSlices(url, 3, () => waiting.next().value ?? null);
  };

  it('counts what came', async () => {
    const { slices, bytes } = await load(await serve(206, SLICE_BYTES));
    expect({ slices, bytes }).toEqual({ slices: 20, bytes: 20 * SLICE_BYTES });
  });

  it('takes nothing else for a slice: a fast refusal is no figure', async () => {
    await expect(load(await serve(403, SLICE_BYTES))).rejects.toThrow('expected 206');
    server?.close();
    await expect(load(await serve(206, 100))).rejects.toThrow('expected 206 with 524288 bytes');
  });
});
