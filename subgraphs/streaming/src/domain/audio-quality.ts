/** Every quality, the best last. */
export const audioQualities = ['LOW', 'MEDIUM', 'NORMAL', 'HIGH', 'LOSSLESS'] as const;
export type AudioQuality = (typeof audioQualities)[number];

const ranks = new Map<AudioQuality, number>(audioQualities.map((quality, rank) => [quality, rank]));

/** Whether `quality` is no better than `limit`. */
export function isWithin(quality: AudioQuality, limit: AudioQuality): boolean {
  return (ranks.get(quality) as number) <= (ranks.get(limit) as number);
}

/**
 * The encoding to play: the requested one, else the best below it, else the lowest above it; never one above `limit`.
 * Null when there is none.
 */
export function chooseEncoding(
  encodings: readonly AudioQuality[],
  requested: AudioQuality,
  limit: AudioQuality,
): AudioQuality | null {
  const allowed = audioQualities.filter((quality) => encodings.includes(quality) && isWithin(quality, limit));
  return allowed.findLast((quality) => isWithin(quality, requested)) ?? allowed[0] ?? null;
}
