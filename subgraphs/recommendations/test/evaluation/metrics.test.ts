import { areApart, estimateMean } from '@medley/recommendations/evaluation/confidence';
import { collectMetrics, ndcgAt, recallAt } from '@medley/recommendations/evaluation/metrics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const list = (...items: number[]) => Uint32Array.from(items);

describe('recall', () => {
  it('is the share of what was held out that was found', () => {
    expect(recallAt(10, list(1, 2, 3, 4), new Set([2, 4, 9, 10]))).toBe(0.5);
  });

  it('reaches 1 also where more was held out than is recommended', () => {
    expect(recallAt(2, list(1, 2, 7), new Set([1, 2, 3, 4]))).toBe(1);
    expect(recallAt(2, list(7, 8, 1), new Set([1]))).toBe(0);
  });
});

describe('NDCG', () => {
  it('counts a hit at rank r as 1 / log2(r + 1), over the best that could be', () => {
    const best = 1 + 1 / Math.log2(3);
    expect(ndcgAt(10, list(5, 1, 6), new Set([1, 2]))).toBeCloseTo(1 / Math.log2(3) / best, 12);
    expect(ndcgAt(10, list(1, 2), new Set([1, 2]))).toBeCloseTo(1, 12);
  });

  it('and recall are within 0 and 1, and 1 for exactly what was held out', () => {
    const items = fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(items, items, (recommended, heldOut) => {
        const wanted = new Set(heldOut);
        const values = [recallAt, ndcgAt].map((metric) => metric(10, list(...recommended), wanted));
        expect(values.every((value) => value >= 0 && value <= 1 + 1e-12)).toBe(true);
        expect(recallAt(10, list(...heldOut), wanted)).toBe(1);
        expect(ndcgAt(10, list(...heldOut), wanted)).toBeCloseTo(1, 12);
      }),
    );
  });
});

describe('over all users', () => {
  it('coverage is the share of the known items that anybody got, novelty the mean of their surprise in bits', () => {
    // Of 8 users all have item 0, two have 1, one has 2, and nobody has 3.
    const collector = collectMetrics(10, list(8, 2, 1, 0), 8);
    collector.add(list(0, 1), list(1));
    collector.add(list(1, 3), list(0));
    const { recall, ndcg, coverage, novelty } = collector.metrics;
    expect(recall).toBe(0.5);
    expect(ndcg).toBeCloseTo(1 / Math.log2(3) / 2, 12);
    expect(coverage).toBeCloseTo(2 / 3, 12);
    expect(novelty).toBe((0 + 2 + 2 + 3) / 4);
  });

  it('nothing is nothing', () => {
    expect(collectMetrics(10, list(), 0).metrics).toEqual({ recall: 0, ndcg: 0, coverage: 0, novelty: 0 });
  });
});

describe('intervals', () => {
  it('are those of Student: 1 to 5 have 3 ± 1.963', () => {
    const { mean, margin } = estimateMean([1, 2, 3, 4, 5]);
    expect(mean).toBe(3);
    expect(margin).toBeCloseTo((2.776 * Math.sqrt(2.5)) / Math.sqrt(5), 6);
  });

  it('of a single value are none, and never apart', () => {
    expect(estimateMean([7])).toEqual({ mean: 7, margin: null });
    expect(areApart({ mean: 1, margin: null }, { mean: 9, margin: 0.1 })).toBe(false);
  });

  it('are apart when they share nothing', () => {
    expect(areApart({ mean: 1, margin: 0.2 }, { mean: 2, margin: 0.7 })).toBe(true);
    expect(areApart({ mean: 1, margin: 0.4 }, { mean: 2, margin: 0.7 })).toBe(false);
  });
});
