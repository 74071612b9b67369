import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signalOf } from '../../src/domain/play-signal.ts';

const heard = { msPlayed: 180_000, skipped: false, finished: true, counted: true };

describe('what a play says', () => {
  it('is a plain yes when it was heard to its end, and a plain no when it was skipped at once', () => {
    expect(signalOf(heard)).toBe(1);
    expect(signalOf({ msPlayed: 0, skipped: true, finished: false, counted: false })).toBe(-1);
  });

  it('is a no for a skip in the first 30 s, and none any more after two minutes', () => {
    const skipAfter = (msPlayed: number) =>
      signalOf({ msPlayed, skipped: true, finished: false, counted: msPlayed >= 30_000 });
    expect(skipAfter(5_000)).toBeLessThan(skipAfter(29_000));
    expect(skipAfter(29_000)).toBeLessThan(-0.5);
    expect(skipAfter(60_000)).toBeLessThan(0);
    expect(skipAfter(150_000)).toBeGreaterThan(0);
  });

  it('is nothing for what was stopped before it counts', () => {
    expect(signalOf({ msPlayed: 20_000, skipped: false, finished: false, counted: false })).toBe(0);
  });

  it('is half for what no grant vouches for', () => {
    expect(signalOf({ ...heard, counted: false })).toBe(0.5);
  });

  it('rises with what was heard, and stays between -1 and 1', () => {
    const times = fc.integer({ min: 0, max: 86_400_000 });
    fc.assert(
      fc.property(times, times, fc.boolean(), (one, other, skipped) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map((msPlayed) =>
          signalOf({ msPlayed, skipped, finished: false, counted: true }),
        ) as [number, number];
        expect(less).toBeLessThanOrEqual(more);
        expect(less).toBeGreaterThanOrEqual(-1);
        expect(more).toBeLessThanOrEqual(1);
      }),
    );
  });
});
