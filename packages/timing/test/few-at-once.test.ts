import { describe, expect, it } from 'vitest';
import { createFewAtOnce } from '../src/index.ts';

describe('few at once', () => {
  const refusal = () => new Error('too many');

  it('lets so many work, and the others in the order in which they came, also when some fail', async () => {
    const few = createFewAtOnce({ most: 2, mostWaiting: 100, refusal });
    let working = 0;
    let most = 0;
    const began: number[] = [];
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        few(async () => {
          began.push(index);
          working += 1;
          most = Math.max(most, working);
          await new Promise((resolve) => setImmediate(resolve));
          working -= 1;
          if (index % 3 === 0) throw new Error('failed');
          return index;
        }),
      ),
    );
    expect(most).toBe(2);
    expect(began).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(7);
    expect(await few(async () => 'again')).toBe('again');
  });

  it('sends away who would be too far behind', async () => {
    const few = createFewAtOnce({ most: 1, mostWaiting: 1, refusal });
    let finish = () => {};
    const first = few(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    );
    const second = few(async () => 'second');
    await expect(few(async () => 'third')).rejects.toThrow('too many');
    finish();
    await first;
    expect(await second).toBe('second');
    expect(await few(async () => 'fourth')).toBe('fourth');
  });
});
