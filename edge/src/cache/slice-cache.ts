import { LRUCache } from 'lru-cache';
import { OriginError, type Representation, type Slice } from './origin-client.ts';

export const SLICE_BYTES = 512 * 1024;

export interface SliceCache {
  /**
   * The slice, from memory or from the origin. However many ask for it at once, the origin is asked once, and goes on
   * answering when those who asked have left.
   * @throws OriginError
   */
  get(path: string, index: number): Promise<Slice>;
  /** Whether the slice is in memory, without counting as a use of it. */
  has(path: string, index: number): boolean;
  /** What is known of a file of which any slice is in memory. */
  describe(path: string): Representation | undefined;
  readonly sizeBytes: number;
}

export interface SliceCacheOptions {
  readonly maxBytes: number;
  readonly fetch: (path: string, first: number, last: number) => Promise<Slice>;
}

/** Slices of 512 KB in memory, the least recently used ones leaving first. */
export function createSliceCache({ maxBytes, fetch }: SliceCacheOptions): SliceCache {
  const slices = new LRUCache<string, Slice>({
    maxSize: maxBytes,
    // About 300 bytes of keys and objects beside the bytes themselves.
    sizeCalculation: ({ bytes }) => bytes.length + 300,
  });
  const representations = new LRUCache<string, Representation>({ max: 100_000 });
  const underway = new Map<string, Promise<Slice>>();

  async function load(path: string, index: number): Promise<Slice> {
    const first = index * SLICE_BYTES;
    const slice = await fetch(path, first, first + SLICE_BYTES - 1);
    const known = representations.get(path);
    if (known && known.etag !== slice.representation.etag) {
      // Paths are immutable. Where one changed all the same, slices of both must not be joined.
      forget(path, known);
      throw new OriginError(502, `${path} changed from ${known.etag} to ${slice.representation.etag}`);
    }
    // One object for all slices of a file, however many there are.
    const representation = known ?? slice.representation;
    representations.set(path, representation);
    const kept = { representation, bytes: slice.bytes };
    slices.set(key(path, index), kept);
    return kept;
  }

  function forget(path: string, { sizeBytes }: Representation): void {
    representations.delete(path);
    for (let index = 0; index * SLICE_BYTES < sizeBytes; index += 1) slices.delete(key(path, index));
  }

  return {
    get(path, index) {
      const name = key(path, index);
      const kept = slices.get(name);
      if (kept) return Promise.resolve(kept);
      let loading = underway.get(name);
      if (!loading) {
        loading = load(path, index).finally(() => underway.delete(name));
        underway.set(name, loading);
      }
      return loading;
    },
    has: (path, index) => slices.has(key(path, index)),
    describe: (path) => representations.get(path),
    get sizeBytes() {
      return slices.calculatedSize;
    },
  };
}

const key = (path: string, index: number) => `${index} ${path}`;
