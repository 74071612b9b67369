import { SLICE_BYTES } from '@medley/edge/cache/slice-cache';
import { createRandom, type Random } from '../random.ts';
import { type AudioLibrary, qualities } from './audio-library.ts';

/** One play after the other, in the order of time, as columns. */
export interface Plays {
  readonly count: number;
  readonly track: Uint32Array;
  /** Its place in `qualities`. */
  readonly quality: Uint8Array;
  /** How many slices of the file were asked for, from the first on. */
  readonly slices: Uint16Array;
}

export interface ListeningOptions {
  readonly days: number;
  readonly playsPerDay: number;
  /** Plays of a track fall with its rank to this power. */
  readonly exponent: number;
  /** Of a hundred tracks: so many get another rank each night, as releases come and go. */
  readonly driftPercent: number;
}

/** Listening by Zipf's law, of which the ranks change from day to day. The same each time. */
export function createListening(library: AudioLibrary, options: ListeningOptions): Plays {
  const { days, playsPerDay, exponent, driftPercent } = options;
  const random = createRandom(31);
  const count = days * playsPerDay;
  const plays: Plays = {
    count,
    track: new Uint32Array(count),
    quality: new Uint8Array(count),
    slices: new Uint16Array(count),
  };
  const cumulative = zipf(library.tracks, exponent);
  const byRank = shuffled(library.tracks, random);
  const qualityOf = createQualityChoice(random);
  for (let play = 0; play < count; play += 1) {
    if (play > 0 && play % playsPerDay === 0) drift(byRank, driftPercent / 100, random);
    const track = byRank[findRank(cumulative, random.next())] as number;
    const quality = qualityOf();
    plays.track[play] = track;
    plays.quality[play] = quality;
    // One play in four is skipped somewhere; players ask for half a megabyte ahead.
    const heard = random.next() < 0.25 ? random.next() : 1;
    const inFile = Math.ceil(library.fileBytes(track, quality) / SLICE_BYTES);
    plays.slices[play] = Math.min(inFile, Math.ceil(heard * inFile) + 1);
  }
  return plays;
}

/** What share of the plays the most played tracks have. @param share of the tracks, 0 to 1 */
export function shareOfTop({ track, count }: Plays, tracks: number, share: number): number {
  const counts = new Uint32Array(tracks);
  for (const one of track) counts[one] = (counts[one] as number) + 1;
  const top = counts.sort().subarray(tracks - Math.round(tracks * share));
  return top.reduce((sum, plays) => sum + plays, 0) / count;
}

function zipf(ranks: number, exponent: number): Float64Array {
  const cumulative = new Float64Array(ranks);
  let sum = 0;
  for (let rank = 0; rank < ranks; rank += 1) {
    sum += (rank + 1) ** -exponent;
    cumulative[rank] = sum;
  }
  return cumulative.map((value) => value / sum);
}

function findRank(cumulative: Float64Array, drawn: number): number {
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cumulative[middle] as number) > drawn) high = middle;
    else low = middle + 1;
  }
  return low;
}

function shuffled(length: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length }, (_, index) => index);
  for (let at = length - 1; at > 0; at -= 1) swap(order, at, random.below(at + 1));
  return order;
}

function drift(byRank: Uint32Array, share: number, random: Random): void {
  for (let count = 0; count < (byRank.length * share) / 2; count += 1) {
    swap(byRank, random.below(byRank.length), random.below(byRank.length));
  }
}

function swap(order: Uint32Array, one: number, other: number): void {
  const kept = order[one] as number;
  order[one] = order[other] as number;
  order[other] = kept;
}

function createQualityChoice(random: Random): () => number {
  const total = qualities.reduce((sum, { share }) => sum + share, 0);
  return () => {
    let drawn = random.next() * total;
    return qualities.findIndex(({ share }) => {
      drawn -= share;
      return drawn < 0;
    });
  };
}
