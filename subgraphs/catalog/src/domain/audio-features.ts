import type { AudioFeatures } from '@medley/moods';

export type { AudioFeatures };

/** What each feature may be, both ends included; their order is that in which they are kept. */
export const featureRanges = {
  tempoBpm: [20, 300],
  energy: [0, 1],
  valence: [0, 1],
  danceability: [0, 1],
  acousticness: [0, 1],
  instrumentalness: [0, 1],
} as const satisfies Record<keyof AudioFeatures, readonly [number, number]>;

/**
 * Features as they are kept: to three decimals, which is more than any measurement has, so that what is read is what was written.
 * @throws RangeError when one is out of its range
 */
export function toAudioFeatures(measured: AudioFeatures): AudioFeatures {
  const kept = (feature: keyof AudioFeatures): number => {
    const value = measured[feature];
    const [from, to] = featureRanges[feature];
    if (!(value >= from && value <= to))
      throw new RangeError(`${feature} must be ${from} to ${to}, got ${value}`);
    return Math.round(value * 1_000) / 1_000;
  };
  // Always in one order: sources are compared by their JSON.
  return {
    tempoBpm: kept('tempoBpm'),
    energy: kept('energy'),
    valence: kept('valence'),
    danceability: kept('danceability'),
    acousticness: kept('acousticness'),
    instrumentalness: kept('instrumentalness'),
  };
}
