import type { MixCandidate } from './mix-candidates.ts';

/**
 * Adds how near candidates are to what an account plays, by the factors of a model, to the scores that they have: both standardised, so
 * that neither drowns the other. What has no factors stands where the middle is.
 * @param taste what the account plays, with its weights
 */
export function blendScores(
  candidates: readonly MixCandidate[],
  taste: ReadonlyMap<string, number>,
  factors: ReadonlyMap<string, Float32Array>,
): MixCandidate[] {
  const centre = centreOf(taste, factors);
  if (!centre) return [...candidates];
  const near = candidates.map(({ track }) => {
    const own = factors.get(track.id);
    return own ? cosine(own, centre) : null;
  });
  const scores = standardise(candidates.map(({ score }) => score));
  const nearness = standardise(near);
  return candidates.map((candidate, index) => ({
    ...candidate,
    score: (scores[index] ?? 0) + (nearness[index] ?? 0),
  }));
}

function centreOf(
  taste: ReadonlyMap<string, number>,
  factors: ReadonlyMap<string, Float32Array>,
): Float64Array | null {
  let centre: Float64Array | null = null;
  for (const [id, weight] of taste) {
    const own = factors.get(id);
    if (!own) continue;
    centre ??= new Float64Array(own.length);
    const length = Math.hypot(...own) || 1;
    for (const [index, value] of own.entries())
      centre[index] = (centre[index] ?? 0) + (weight * value) / length;
  }
  return centre;
}

function cosine(one: Float32Array, other: Float64Array): number {
  let [product, ones, others] = [0, 0, 0];
  for (const [index, value] of one.entries()) {
    const beside = other[index] ?? 0;
    product += value * beside;
    ones += value * value;
    others += beside * beside;
  }
  return product / (Math.sqrt(ones * others) || 1);
}

/** To a mean of 0 and a deviation of 1; null becomes 0. */
function standardise(values: readonly (number | null)[]): number[] {
  const known = values.filter((value) => value !== null);
  const mean = known.reduce((sum, value) => sum + value, 0) / (known.length || 1);
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length || 1);
  const deviation = Math.sqrt(variance) || 1;
  return values.map((value) => (value === null ? 0 : (value - mean) / deviation));
}
