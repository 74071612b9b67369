import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type LicenceWindow,
  licensedMarkets,
  licensingAt,
  normaliseWindows,
} from '../../src/domain/licence-windows.ts';

const window = (market: string, from: number, until: number): LicenceWindow => ({ market, from, until });
const never = { licensed: false, from: null, until: null, nextFrom: null };

describe('normaliseWindows', () => {
  it('makes one of what overlaps, touches or lies within, market by market', () => {
    const normal = normaliseWindows([
      window('US', 4, 6),
      window('DE', 5, 9),
      window('DE', 1, 3),
      window('DE', 3, 6),
      window('DE', 7, 8),
      window('US', 7, Infinity),
      window('US', -Infinity, 2),
    ]);
    expect(normal).toEqual([
      window('DE', 1, 9),
      window('US', -Infinity, 2),
      window('US', 4, 6),
      window('US', 7, Infinity),
    ]);
  });

  it('knows licences without any limit', () => {
    const always = window('DE', -Infinity, Infinity);
    expect(normaliseWindows([always, window('DE', 1, 2), always])).toEqual([always]);
    expect(normaliseWindows([])).toEqual([]);
  });
});

describe('licensingAt', () => {
  const windows = [window('DE', 10, 20), window('DE', 20, 30), window('DE', 40, Infinity)];

  it('is licensed from the first moment, and not any more at the one after the last', () => {
    expect(licensingAt(windows, 9)).toEqual({ ...never, nextFrom: 10 });
    expect(licensingAt(windows, 10)).toEqual({ licensed: true, from: 10, until: 30, nextFrom: null });
    expect(licensingAt(windows, 20)).toEqual({ licensed: true, from: 10, until: 30, nextFrom: null });
    expect(licensingAt(windows, 30)).toEqual({ ...never, nextFrom: 40 });
    expect(licensingAt(windows, 50)).toEqual({ licensed: true, from: 40, until: null, nextFrom: null });
  });

  it('foresees nothing where nothing follows', () => {
    expect(licensingAt([window('DE', 10, 20)], 20)).toEqual(never);
    expect(licensingAt([], 0)).toEqual(never);
    expect(licensingAt([window('DE', -Infinity, Infinity)], 0)).toEqual({ ...never, licensed: true });
  });
});

describe('the moments of windows', () => {
  const moment = fc.oneof(
    fc.integer({ min: 0, max: 12 }),
    fc.constant<number>(-Infinity),
    fc.constant<number>(Infinity),
  );
  const anyWindow = fc
    .record({ market: fc.constantFrom('DE', 'FR', 'US'), from: moment, until: moment })
    .filter(({ from, until }) => from < until);
  const anyWindows = fc.array(anyWindow, { maxLength: 8 });
  const at = fc.integer({ min: -1, max: 13 });
  const covers = (windows: readonly LicenceWindow[], market: string, moment: number) =>
    windows.some((one) => one.market === market && one.from <= moment && moment < one.until);

  it('are the same before and after they are normalised, in whatever order they came', () => {
    fc.assert(
      fc.property(anyWindows, at, (windows, moment) => {
        const normal = normaliseWindows(windows);
        expect(licensedMarkets(normal, moment)).toEqual(licensedMarkets(windows, moment));
        expect(normaliseWindows(windows.toReversed())).toEqual(normal);
        expect(normaliseWindows(normal)).toEqual(normal);
        for (const [index, one] of normal.entries()) {
          const next = normal[index + 1];
          // With a gap between two of one market: nothing that could be one is left.
          if (next?.market === one.market) expect(next.from).toBeGreaterThan(one.until);
        }
      }),
    );
  });

  it('agree with what is told of one of them', () => {
    fc.assert(
      fc.property(anyWindows, at, (windows, moment) => {
        const german = windows.filter(({ market }) => market === 'DE');
        const { licensed, from, until, nextFrom } = licensingAt(german, moment);
        expect(licensed).toBe(covers(windows, 'DE', moment));
        expect(licensedMarkets(windows, moment).includes('DE')).toBe(licensed);
        if (licensed) {
          for (let other = from ?? -1; other < (until ?? 14); other += 1)
            expect(covers(windows, 'DE', other)).toBe(true);
          if (from !== null) expect(covers(windows, 'DE', from - 1)).toBe(false);
          if (until !== null) expect(covers(windows, 'DE', until)).toBe(false);
        } else {
          for (let other = moment; other < (nextFrom ?? 14); other += 1)
            expect(covers(windows, 'DE', other)).toBe(false);
          if (nextFrom !== null) expect(covers(windows, 'DE', nextFrom)).toBe(true);
        }
      }),
    );
  });
});
