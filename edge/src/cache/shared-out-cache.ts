import { createSliceCache, type SliceCache, type SliceCacheOptions } from './slice-cache.ts';

const IMAGES_PART = 0.1;

/**
 * One memory of which images have a tenth and audio the rest. Anybody may ask for images, so they must not push out the
 * audio that listeners are hearing.
 */
export function createSharedOutCache({ maxBytes, fetch }: SliceCacheOptions): SliceCache {
  const imageBytes = Math.floor(maxBytes * IMAGES_PART);
  const images = createSliceCache({ maxBytes: imageBytes, fetch });
  const audio = createSliceCache({ maxBytes: maxBytes - imageBytes, fetch });
  const of = (path: string) => (path.startsWith('/images/') ? images : audio);
  return {
    get: (path, index) => of(path).get(path, index),
    has: (path, index) => of(path).has(path, index),
    describe: (path) => of(path).describe(path),
    get sizeBytes() {
      return images.sizeBytes + audio.sizeBytes;
    },
  };
}
