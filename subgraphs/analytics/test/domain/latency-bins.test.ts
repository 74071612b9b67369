import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binOf, percentilesOf, relativeError } from '../../src/domain/latency-bins.ts';

const count = (times: readonly number[]) => times.map((ms) => ({ bin: binOf(ms), count: 1 }));
const exact = (times: readonly number[], share: number) =>
  times.toSorted((one, other) => one - other)[Math.ceil(share * times.length) - 1] as number;
/** What rounding of floating point adds. */
const within = (estimate: number, ms: number) => Math.abs(estimate - ms) <= ms * relativeError * (1 + 1e-9);

describe('the bins of a latency', () => {
  it('are no further off than the stated error, for every millisecond of ten minutes', () => {
    const off: number[] = [];
    for (let ms = 0; ms <= 600_000; ms++) {
      const [estimate] = percentilesOf([{ bin: binOf(ms), count: 1 }], [0.5]) as number[];
      if (!within(estimate as number, ms)) off.push(ms);
    }
    expect(off).toEqual([]);
  });

  it('rise with the time, and fit into two bytes', () => {
    let last = binOf(0);
    for (let ms = 1; ms <= 600_000; ms++) {
      const bin = binOf(ms);
      if (bin < last) expect.fail(`${ms} ms went down from ${last} to ${bin}`);
      last = bin;
    }
    expect([binOf(0), binOf(1), binOf(600_000)]).toEqual([-1, 0, 666]);
    expect(binOf(Number.MAX_SAFE_INTEGER)).toBeLessThan(2 ** 15);
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('refuse %s', (ms) => {
    expect(() => binOf(ms)).toThrow(RangeError);
  });
});

describe('percentilesOf', () => {
  const times = fc.array(fc.oneof(fc.nat(600_000), fc.nat(2_000), fc.constant(0)), { minLength: 1 });
  const shares = [0.01, 0.5, 0.95, 0.99, 1];

  it('is within the stated error of the exact ones', () => {
    fc.assert(
      fc.property(times, (measured) => {
        const estimates = percentilesOf(count(measured), shares) as number[];
        shares.forEach((share, index) => {
          expect(within(estimates[index] as number, exact(measured, share))).toBe(true);
        });
      }),
    );
  });

  it('is the same in whatever order and parts things were counted', () => {
    const shuffled = times.chain((measured) =>
      fc.tuple(
        fc.constant(measured),
        fc.shuffledSubarray(measured, { minLength: measured.length, maxLength: measured.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([measured, later]) => {
        const merged = new Map<number, number>();
        for (const { bin } of count(later)) merged.set(bin, (merged.get(bin) ?? 0) + 1);
        const bins = [...merged].map(([bin, starts]) => ({ bin, count: starts }));
        expect(percentilesOf(bins, shares)).toEqual(percentilesOf(count(measured), shares));
      }),
    );
  });

  it('is nothing when nothing was counted', () => {
    expect(percentilesOf([], [0.5])).toBeNull();
    expect(percentilesOf([{ bin: 3, count: 0 }], [0.5])).toBeNull();
  });

  it.each([0, -0.5, 1.01, Number.NaN])('refuses a share of %s', (share) => {
    expect(() => percentilesOf([{ bin: 3, count: 1 }], [share])).toThrow(RangeError);
  });
});
