/** How well a method did, over all users of whom something was held out. */
export interface Metrics {
  /** Found among the first ten, as a share of what could be found there; mean over users, 0 to 1. */
  readonly recall: number;
  /** The same, but what stands further up counts more; mean over users, 0 to 1. */
  readonly ndcg: number;
  /** Items that were recommended to anybody, as a share of those that anybody had in the training part, 0 to 1. */
  readonly coverage: number;
  /** How surprising a recommended item is, in bits: 0 for what everybody has, one more for each halving. Mean over recommendations. */
  readonly novelty: number;
}

/**
 * Recall at n: of the held out items those among the n recommended, over the lesser of n and their number, so that 1 can be reached
 * (Liang, Krishnan, Hoffman, Jebara: Variational autoencoders for collaborative filtering, 2018).
 * @param heldOut at least one item
 */
export function recallAt(n: number, recommended: Uint32Array, heldOut: ReadonlySet<number>): number {
  let found = 0;
  for (const item of recommended.subarray(0, n)) if (heldOut.has(item)) found += 1;
  return found / Math.min(n, heldOut.size);
}

/**
 * Normalised discounted cumulative gain at n (Järvelin, Kekäläinen: Cumulated gain-based evaluation of IR techniques, 2002): each hit
 * at rank r, from 1, counts 1 / log2(r + 1); divided by what the best order would have.
 * @param heldOut at least one item
 */
export function ndcgAt(n: number, recommended: Uint32Array, heldOut: ReadonlySet<number>): number {
  let [gain, best] = [0, 0];
  for (let at = 0; at < Math.min(n, heldOut.size); at += 1) best += 1 / Math.log2(at + 2);
  recommended.subarray(0, n).forEach((item, at) => {
    if (heldOut.has(item)) gain += 1 / Math.log2(at + 2);
  });
  return gain / best;
}

/** Sums up user by user. */
export interface MetricsCollector {
  add(recommended: Uint32Array, heldOut: Uint32Array): void;
  /** Zeros when nothing was added. */
  readonly metrics: Metrics;
}

/**
 * Coverage is catalog coverage (Ge, Delgado-Battenfeld, Jannach: Beyond accuracy, 2010), novelty the mean self-information (Zhou et al.:
 * Solving the apparent diversity-accuracy dilemma of recommender systems, 2010), log2 of users over those who have the item.
 * @param usersOfItems how many users have each item in the training part; one that nobody has counts as one user's
 */
export function collectMetrics(n: number, usersOfItems: Uint32Array, userCount: number): MetricsCollector {
  const isRecommended = new Uint8Array(usersOfItems.length);
  const known = usersOfItems.reduce((sum, users) => sum + (users > 0 ? 1 : 0), 0);
  let [users, recall, ndcg, bits, recommendations, covered] = [0, 0, 0, 0, 0, 0];
  return {
    add(recommended, heldOut) {
      const wanted = new Set(heldOut);
      users += 1;
      recall += recallAt(n, recommended, wanted);
      ndcg += ndcgAt(n, recommended, wanted);
      for (const item of recommended.subarray(0, n)) {
        recommendations += 1;
        bits += Math.log2(userCount / Math.max(1, usersOfItems[item] as number));
        if (isRecommended[item] === 0 && (usersOfItems[item] as number) > 0) covered += 1;
        isRecommended[item] = 1;
      }
    },
    get metrics() {
      return {
        recall: recall / Math.max(1, users),
        ndcg: ndcg / Math.max(1, users),
        coverage: covered / Math.max(1, known),
        novelty: bits / Math.max(1, recommendations),
      };
    },
  };
}
