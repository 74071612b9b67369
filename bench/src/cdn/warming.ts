import { SLICE_BYTES, type SliceCache } from '@medley/edge/cache/slice-cache';
import { type AudioLibrary, qualities } from './audio-library.ts';
import type { Plays } from './listening.ts';

/** Fills a cache with what is played most, as `cdn:warm` does. */
export interface Warming {
  /** Takes notice of plays, in their order. */
  heard(track: number): void;
  /**
   * Fetches what is missing of the tracks that were played most so far.
   * @returns how many bytes came from the origin
   */
  run(): Promise<number>;
}

/** What the process that warms the edge does unless told otherwise: of the tracks that were played at all, so many, and how. */
const [topShare, minTracks] = [0.01, 100];
const warmed = qualities.flatMap(({ name }, quality) =>
  name === 'NORMAL' || name === 'HIGH' ? [quality] : [],
);
/** As an operator would set it who knows the cache: no run fetches more than this share of it. */
const budgetShare = 0.5;

export function createWarming(
  library: AudioLibrary,
  { cache, cacheBytes, pathOf }: { cache: SliceCache; cacheBytes: number; pathOf: PathOf },
): Warming {
  const counts = new Uint32Array(library.tracks);
  let played = 0;
  return {
    heard(track) {
      if (counts[track] === 0) played += 1;
      counts[track] = (counts[track] as number) + 1;
    },
    async run() {
      const top = mostPlayed(counts, Math.min(played, Math.max(minTracks, Math.ceil(played * topShare))));
      let fetchedBytes = 0;
      for (const track of top) {
        for (const quality of warmed) {
          const path = pathOf(track, quality);
          for (let index = 0; index * SLICE_BYTES < library.fileBytes(track, quality); index += 1) {
            if (fetchedBytes > cacheBytes * budgetShare) return fetchedBytes;
            // Also to ask for what is there is a use of it.
            const isThere = cache.has(path, index);
            const { bytes } = await cache.get(path, index);
            if (!isThere) fetchedBytes += bytes.length;
          }
        }
      }
      return fetchedBytes;
    },
  };
}

export type PathOf = (track: number, quality: number) => string;

/** What was heard before the node was there. */
export function hearAll(warming: Warming, { track }: Plays, until: number): void {
  for (let play = 0; play < until; play += 1) warming.heard(track[play] as number);
}

function mostPlayed(counts: Uint32Array, length: number): number[] {
  const least = counts.toSorted()[counts.length - length] ?? 0;
  const found: number[] = [];
  counts.forEach((plays, track) => {
    if (plays >= Math.max(1, least)) found.push(track);
  });
  return found.sort((a, b) => (counts[b] as number) - (counts[a] as number)).slice(0, length);
}
