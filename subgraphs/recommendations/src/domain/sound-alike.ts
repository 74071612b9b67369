import type { AudioFeatures, TrackFacts } from './catalog-facts.ts';

/**
 * How much two tracks are alike by what they are, for those that too few play: 0 to 1. Half of it is their genres (Jaccard's index), half
 * their sound where both were measured (1 less the mean distance of their features, tempo in octaves).
 */
export function soundAlike(one: TrackFacts, other: TrackFacts): number {
  const genres = sharedShare(one.genreIds, other.genreIds);
  if (!one.features || !other.features) return genres / 2;
  return (genres + 1 - soundDistance(one.features, other.features)) / 2;
}

function sharedShare(one: readonly string[], other: readonly string[]): number {
  const shared = one.filter((id) => other.includes(id)).length;
  return shared === 0 ? 0 : shared / (one.length + other.length - shared);
}

function soundDistance(one: AudioFeatures, other: AudioFeatures): number {
  const tempo = Math.min(1, Math.abs(Math.log2(one.tempoBpm / other.tempoBpm)));
  const rest = shares.map((name) => Math.abs(one[name] - other[name]));
  return rest.reduce((sum, distance) => sum + distance, tempo) / (shares.length + 1);
}

const shares = ['energy', 'valence', 'danceability', 'acousticness', 'instrumentalness'] as const;
