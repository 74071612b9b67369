import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRange, resolveRange } from '../src/http/byte-range.ts';

describe('a Range header', () => {
  it('never gives bytes outside the file, whatever it says', () => {
    const header = fc.oneof(
      fc.string(),
      fc.string().map((text) => `bytes=${text}`),
      fc.tuple(fc.nat(), fc.nat()).map(([first, last]) => `bytes=${first}-${last}`),
      fc.nat().map((length) => `bytes=-${length}`),
    );
    fc.assert(
      fc.property(header, fc.integer({ min: 1, max: 1_000_000 }), (text, size) => {
        const range = resolveRange(parseRange(text), size);
        if (!range) return;
        expect(range.first).toBeGreaterThanOrEqual(0);
        expect(range.last).toBeGreaterThanOrEqual(range.first);
        expect(range.last).toBeLessThan(size);
      }),
    );
  });

  it('means the bytes it names', () => {
    fc.assert(
      fc.property(fc.nat({ max: 999 }), fc.nat({ max: 999 }), (left, right) => {
        const [first, last] = [Math.min(left, right), Math.max(left, right)];
        expect(resolveRange(parseRange(`bytes=${first}-${last}`), 1000)).toEqual({ first, last });
      }),
    );
  });

  it.each([
    ['0-9999999999999999', { first: 0, last: 999 }],
    ['990-99999999999999999999', { first: 990, last: 999 }],
    ['-99999999999999999999', { first: 0, last: 999 }],
    ['99999999999999999999-', undefined],
    ['5-4', undefined],
  ])('takes numbers of up to 20 digits: %s', (bytes, expected) => {
    expect(resolveRange(parseRange(`bytes=${bytes}`), 1000)).toEqual(expected);
  });
});
