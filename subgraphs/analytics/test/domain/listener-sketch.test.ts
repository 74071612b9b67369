import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  countListeners,
  createListenerSketch,
  listenerStandardError,
} from '../../src/domain/listener-sketch.ts';

const hashOf = (account: number | string) => createHash('sha256').update(String(account)).digest();

function sketchOf(accounts: Iterable<number | string>): Uint8Array {
  const sketch = createListenerSketch();
  for (const account of accounts) sketch.add(hashOf(account));
  return sketch.toBytes();
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe('a sketch of listeners', () => {
  it.each([0, 1, 2, 5, 10])('counts %i exactly', (count) => {
    expect(countListeners([sketchOf(range(0, count))])).toBe(count);
  });

  it.each([100, 1_000, 3_000, 10_000, 100_000, 500_000])(
    'counts %i within three standard errors',
    (count) => {
      const estimate = countListeners([sketchOf(range(0, count))]);
      expect(Math.abs(estimate - count) / count).toBeLessThan(3 * listenerStandardError);
    },
  );

  it('is off by its standard error, over many counts', () => {
    const sums = { squares: 0, errors: 0, off: 0 };
    const [rounds, accounts] = [200, 4_000];
    for (let round = 0; round < rounds; round++) {
      const estimate = countListeners([sketchOf(range(0, accounts).map((account) => `${round}.${account}`))]);
      const error = estimate / accounts - 1;
      sums.squares += error ** 2;
      sums.errors += error;
      if (Math.abs(error) > listenerStandardError) sums.off += 1;
    }
    // 200 samples tell a standard deviation to 5 %; so far up, HyperLogLog is a little better than it says.
    expect(Math.sqrt(sums.squares / rounds)).toBeGreaterThan(0.7 * listenerStandardError);
    expect(Math.sqrt(sums.squares / rounds)).toBeLessThan(1.15 * listenerStandardError);
    expect(Math.abs(sums.errors / rounds)).toBeLessThan(0.3 * listenerStandardError);
    expect(sums.off / rounds).toBeLessThan(0.42);
  });

  it('is the same bytes in whatever order, and however often, accounts come', () => {
    for (const count of [3, 900, 1_500, 20_000]) {
      const once = sketchOf(range(0, count));
      expect(sketchOf(range(0, count).reverse())).toEqual(once);
      expect(sketchOf([...range(0, count), ...range(0, count)])).toEqual(once);
    }
  });

  it('is the same bytes when it is merged of parts, sparse and dense', () => {
    const whole = sketchOf(range(0, 9_000));
    const parts = [range(8_000, 9_000), range(0, 20), range(10, 8_100)].map(sketchOf);
    const merged = createListenerSketch();
    for (const part of parts) merged.merge(part);
    expect(merged.toBytes()).toEqual(whole);
    expect(countListeners(parts)).toBe(countListeners([whole]));
  });

  it('takes three bytes an account at first, and three thousand at most', () => {
    expect(sketchOf([])).toHaveLength(1);
    expect(sketchOf([1])).toHaveLength(4);
    expect(sketchOf(range(0, 500)).length).toBeLessThan(1_501);
    expect(sketchOf(range(0, 200_000))).toHaveLength(3_073);
  });

  it('turns dense where that is shorter, whichever way it came there', () => {
    const lengths = range(1_100, 1_300).map((count) => sketchOf(range(0, count)).length);
    expect(lengths[0]).toBeLessThan(3_073);
    expect(lengths.at(-1)).toBe(3_073);
    const grown = createListenerSketch();
    for (const account of range(0, 1_100)) grown.add(hashOf(account));
    for (const account of range(1_100, 1_300)) {
      grown.add(hashOf(account));
      const copy = createListenerSketch();
      copy.merge(grown.toBytes());
      expect(copy.toBytes()).toEqual(grown.toBytes());
    }
  });

  it('knows the highest rank: a hash that ends in zeros only', () => {
    const sketch = createListenerSketch();
    sketch.add(new Uint8Array(8));
    sketch.add(Uint8Array.of(0xff, 0xf0, 0, 0, 0, 0, 0, 1));
    const copy = createListenerSketch();
    copy.merge(sketch.toBytes());
    expect([...copy.toBytes()]).toEqual([1, 0, 0, 53, 3, 255, 244]);
    expect(copy.estimate()).toBe(2);
  });

  it.each([[[]], [[7]], [[1, 2]], [[2, 0, 0, 0]], [[1, ...new Array(4_000).fill(0)]]])(
    'refuses bytes that are none',
    (bytes) => {
      expect(() => createListenerSketch().merge(Uint8Array.from(bytes))).toThrow(RangeError);
    },
  );
});
