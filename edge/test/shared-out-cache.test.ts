import { expect, it } from 'vitest';
import { createSharedOutCache } from '../src/cache/shared-out-cache.ts';

const bytesOfSlice = 10_000;

it('keeps audio however many images are asked for, and images within a tenth', async () => {
  const cache = createSharedOutCache({
    maxBytes: 1_000_000,
    fetch: async () => ({
      representation: { sizeBytes: bytesOfSlice, contentType: 'x/y', etag: '"1"', lastModified: '' },
      bytes: Buffer.alloc(bytesOfSlice),
    }),
  });
  const audio = Array.from({ length: 80 }, (_, at) => `/audio/v1/${at}`);
  for (const path of audio) await cache.get(path, 0);
  const audioBytes = cache.sizeBytes;
  for (let at = 0; at < 1_000; at += 1) await cache.get(`/images/v1/${at}`, 0);
  expect(audio.every((path) => cache.has(path, 0) && cache.describe(path))).toBe(true);
  expect(cache.has('/images/v1/999', 0)).toBe(true);
  expect(cache.sizeBytes - audioBytes).toBeLessThanOrEqual(100_000);
  // Nor do images lose theirs to audio, and together they stay within the memory.
  for (let at = 0; at < 1_000; at += 1) await cache.get(`/audio/v1/more-${at}`, 0);
  expect(cache.has('/images/v1/999', 0)).toBe(true);
  expect(cache.sizeBytes).toBeLessThanOrEqual(1_000_000);
});
