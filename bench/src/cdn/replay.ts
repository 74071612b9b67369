import { createSliceCache, SLICE_BYTES } from '@medley/edge/cache/slice-cache';
import { type AudioLibrary, qualities } from './audio-library.ts';
import type { Plays } from './listening.ts';
import { createWarming, hearAll } from './warming.ts';

/** Bytes in one stretch of a replay. */
interface Stretch {
  sentBytes: number;
  hitBytes: number;
}

/** What a node's cache did with what was asked for. Hit rates are by bytes, 0 to 1. */
export interface Replayed {
  readonly firstHour: number;
  readonly firstDay: number;
  readonly lastDay: number;
  /** Fetched ahead, in bytes: in all, and on the last day. */
  readonly warmedBytes: number;
  readonly warmedOnLastDayBytes: number;
  readonly sentOnLastDayBytes: number;
}

export interface ReplayOptions {
  readonly library: AudioLibrary;
  /** Those of the first day were heard before the node was there: it knows what is popular, and has nothing of it. */
  readonly plays: Plays;
  readonly playsPerDay: number;
  readonly cacheBytes: number;
  /** Whether what is played most is fetched ahead, each hour. */
  readonly warm: boolean;
}

/** Plays through the slice cache of the edge: its code, and slices that have a length and no bytes. */
export async function replay(options: ReplayOptions): Promise<Replayed> {
  const { library, plays, playsPerDay, cacheBytes, warm } = options;
  const sizes = new Map<string, number>();
  const cache = createSliceCache({
    maxBytes: cacheBytes,
    fetch: async (path, first, last) => {
      const sizeBytes = sizes.get(path) as number;
      const representation = { sizeBytes, contentType: 'audio/ogg', etag: '"1"', lastModified: '' };
      return { representation, bytes: unreal(Math.min(last + 1, sizeBytes) - first) };
    },
  });
  const pathOf = (track: number, quality: number) => {
    const path = `/audio/v1/${track}/${qualities[quality]?.name}`;
    sizes.set(path, library.fileBytes(track, quality));
    return path;
  };
  const warming = createWarming(library, { cache, cacheBytes, pathOf });
  hearAll(warming, plays, playsPerDay);

  const playsPerHour = Math.floor(playsPerDay / 24);
  const lastDayFrom = plays.count - playsPerDay;
  const stretches = { firstHour: stretch(), firstDay: stretch(), lastDay: stretch() };
  let [warmedBytes, warmedOnLastDayBytes] = [0, 0];
  for (let play = playsPerDay; play < plays.count; play += 1) {
    if (warm && (play - playsPerDay) % playsPerHour === 0) {
      const bytes = await warming.run();
      warmedBytes += bytes;
      if (play >= lastDayFrom) warmedOnLastDayBytes += bytes;
    }
    const track = plays.track[play] as number;
    warming.heard(track);
    const path = pathOf(track, plays.quality[play] as number);
    const sizeBytes = sizes.get(path) as number;
    let [sentBytes, hitBytes] = [0, 0];
    for (let index = 0; index < (plays.slices[play] as number); index += 1) {
      const bytes = Math.min(SLICE_BYTES, sizeBytes - index * SLICE_BYTES);
      sentBytes += bytes;
      const isHit = cache.has(path, index);
      const got = cache.get(path, index);
      if (isHit) hitBytes += bytes;
      else await got;
    }
    const counted = [
      play < playsPerDay + playsPerHour && stretches.firstHour,
      play < 2 * playsPerDay && stretches.firstDay,
      play >= lastDayFrom && stretches.lastDay,
    ];
    for (const one of counted) {
      if (!one) continue;
      one.sentBytes += sentBytes;
      one.hitBytes += hitBytes;
    }
  }
  return {
    firstHour: hitRate(stretches.firstHour),
    firstDay: hitRate(stretches.firstDay),
    lastDay: hitRate(stretches.lastDay),
    warmedBytes,
    warmedOnLastDayBytes,
    sentOnLastDayBytes: stretches.lastDay.sentBytes,
  };
}

const stretch = (): Stretch => ({ sentBytes: 0, hitBytes: 0 });
const hitRate = ({ hitBytes, sentBytes }: Stretch) => hitBytes / sentBytes;

/** All that the cache wants to know of bytes is how many they are. */
const unreal = (length: number) => ({ length }) as unknown as Buffer;
