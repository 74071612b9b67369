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

/** Of the tracks that were played at all, so many are warmed. */
export const topShare = 0.01;
/** No more than this share of the cache is filled ahead: the rest belongs to what is asked for. */
const cacheShare = 0.5;
/** Four of five plays are in these. */
const warmed = qualities.flatMap(({ name }, quality) =>
  name === 'NORMAL' || name === 'HIGH' ? [quality] : [],
);

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
      const top = mostPlayed(counts, Math.ceil(played * topShare));
      let [chosenBytes, fetchedBytes] = [0, 0];
      for (const track of top) {
        for (const quality of warmed) {
          const bytes = library.fileBytes(track, quality);
          chosenBytes += bytes;
          if (chosenBytes > cacheBytes * cacheShare) return fetchedBytes;
          const path = pathOf(track, quality);
          for (let index = 0; index * SLICE_BYTES < bytes; index += 1) {
            if (cache.has(path, index)) continue;
            fetchedBytes += (await cache.get(path, index)).bytes.length;
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
