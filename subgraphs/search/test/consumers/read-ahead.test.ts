import { describe, expect, it } from 'vitest';
import { readAhead } from '../../src/consumers/read-ahead.ts';

/** Counts up to `end`, and remembers what was asked for and whether it was let go. */
function counting(end: number, failAt = Number.POSITIVE_INFINITY) {
  const seen = { asked: 0, ended: false };
  async function* count() {
    try {
      for (let number = 0; number < end; number += 1) {
        seen.asked += 1;
        if (number === failAt) throw new Error('no more');
        yield number;
      }
    } finally {
      seen.ended = true;
    }
  }
  return { numbers: readAhead(count()), seen };
}

describe('reading ahead', () => {
  it('gives the same items in their order, one of which is on its way while another is used', async () => {
    const { numbers, seen } = counting(3);
    const read: number[] = [];
    for await (const number of numbers) {
      read.push(number);
      expect(seen.asked).toBe(Math.min(3, number + 2));
    }
    expect(read).toEqual([0, 1, 2]);
  });

  it('fails where the items fail, not before', async () => {
    const { numbers } = counting(3, 1);
    expect(await numbers.next()).toEqual({ done: false, value: 0 });
    await expect(numbers.next()).rejects.toThrow('no more');
  });

  it('lets go of items that nobody wants any more', async () => {
    const { numbers, seen } = counting(100);
    for await (const number of numbers) if (number === 3) break;
    expect(seen).toEqual({ asked: 5, ended: true });
  });
});
