import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { popularityOf } from '../../src/domain/popularity.ts';

describe('popularityOf', () => {
  it.each([
    [0, 0, 0],
    [0, 10_000_000, 0],
    [100, 100, 40],
    [1_000, 1_000, 60],
    [100_000, 100_000, 100],
    [100_000, 200, 100],
    [1_000, 10_000_000, 43],
    [10_000_000, 10_000_000, 100],
    [1, 100_000, 6],
  ])('of %d plays, where the most played track has %d, is %d', (plays, mostPlays, popularity) => {
    expect(popularityOf(plays, mostPlays)).toBe(popularity);
  });

  it('is a whole number from 0 to 100 that never falls as plays rise', () => {
    const count = fc.integer({ min: 0, max: 10 ** 12 });
    fc.assert(
      fc.property(count, count, count, (one, other, mostPlays) => {
        const [few, many] = [Math.min(one, other), Math.max(one, other)];
        const [low, high] = [popularityOf(few, mostPlays), popularityOf(many, mostPlays)];
        expect([low, high].every((popularity) => Number.isInteger(popularity))).toBe(true);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(high);
        expect(high).toBeLessThanOrEqual(100);
      }),
    );
  });
});
