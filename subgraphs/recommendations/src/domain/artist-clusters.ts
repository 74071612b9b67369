/** An artist whom an account plays. */
export interface PlayedArtist {
  readonly id: string;
  /** How much, above 0. */
  readonly weight: number;
}

/** Artists of one cluster, at most: with more a mix is about nothing. */
export const mostInCluster = 15;
/** With fewer it is a best-of. */
const leastInCluster = 3;
/** Clusters that have less in common are not one. */
const leastAlike = 0.05;

/**
 * Groups the artists of an account, each into one cluster or none: those who are most alike on average are put together first
 * (agglomerative clustering, average linkage: Sokal and Michener 1958).
 * @param artists at most 100
 * @param alike 0 to 1, the same in both directions
 * @returns those that are played most first, in each as well
 */
export function clusterArtists(
  artists: readonly PlayedArtist[],
  alike: (one: string, other: string) => number,
  most: number,
): string[][] {
  const sorted = [...artists].sort(byWeight);
  const clusters = sorted.map((artist) => [artist]);
  // Between clusters: the sum over all pairs of their artists.
  const sums = sorted.map((one) => sorted.map((other) => alike(one.id, other.id)));
  for (;;) {
    const pair = closest(clusters, sums);
    if (!pair) break;
    const [to, from] = pair;
    clusters[to]?.push(...(clusters[from] ?? []));
    clusters[from] = [];
    for (const [index, row] of sums.entries()) {
      const sum = (row[to] ?? 0) + (row[from] ?? 0);
      row[to] = sum;
      const own = sums[to];
      if (own) own[index] = sum;
    }
  }
  const large = clusters.filter(({ length }) => length >= leastInCluster);
  const small = clusters.filter(({ length }) => length < leastInCluster).flat();
  // Nothing is known of what they have in common, but that one account plays them.
  if (large.length === 0 && small.length >= leastInCluster) large.push(small.slice(0, mostInCluster));
  const weightOf = (cluster: readonly PlayedArtist[]) => cluster.reduce((sum, { weight }) => sum + weight, 0);
  return large
    .sort((one, other) => weightOf(other) - weightOf(one))
    .slice(0, most)
    .map((cluster) => [...cluster].sort(byWeight).map(({ id }) => id));
}

/** The two clusters that are most alike, unless they would be too large together. */
function closest(
  clusters: readonly (readonly PlayedArtist[])[],
  sums: readonly (readonly number[])[],
): readonly [number, number] | null {
  let best: readonly [number, number] | null = null;
  let mostAlike = leastAlike;
  for (const [one, { length }] of clusters.entries()) {
    if (length === 0) continue;
    for (let other = one + 1; other < clusters.length; other++) {
      const size = clusters[other]?.length ?? 0;
      if (size === 0 || length + size > mostInCluster) continue;
      const average = (sums[one]?.[other] ?? 0) / (length * size);
      if (average <= mostAlike) continue;
      mostAlike = average;
      best = [one, other];
    }
  }
  return best;
}

const byWeight = (one: PlayedArtist, other: PlayedArtist) =>
  other.weight - one.weight || (one.id < other.id ? -1 : 1);
