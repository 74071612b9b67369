import { describe, expect, it } from 'vitest';
import { createSharedTurns } from '../../src/domain/shared-turns.ts';

/** Work that ends when it is told to. */
function createWork() {
  const ends: (() => void)[] = [];
  const work = () => {
    const number = ends.length + 1;
    return new Promise<number>((resolve) => ends.push(() => resolve(number)));
  };
  return { work, ends };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('turns that are shared', () => {
  it('do the work once for all who ask while it is under way, and begin after they asked', async () => {
    const turns = createSharedTurns<number>();
    const { work, ends } = createWork();
    const first = turns.run('ann', work);
    const others = Array.from({ length: 100 }, () => turns.run('ann', work));
    expect(ends).toHaveLength(1);
    ends[0]?.();
    expect(await first).toBe(1);
    await settle();
    expect(ends).toHaveLength(2);
    ends[1]?.();
    expect(new Set(await Promise.all(others))).toEqual(new Set([2]));
  });

  it('begin at once where nothing is under way, any more or for somebody else', async () => {
    const turns = createSharedTurns<number>();
    const { work, ends } = createWork();
    const first = turns.run('ann', work);
    void turns.run('bob', work);
    expect(ends).toHaveLength(2);
    ends[0]?.();
    await first;
    await settle();
    void turns.run('ann', work);
    expect(ends).toHaveLength(3);
  });

  it('go on after work that failed', async () => {
    const turns = createSharedTurns<number>();
    const failing = turns.run('ann', () => Promise.reject(new Error('away')));
    const next = turns.run('ann', async () => 7);
    await expect(failing).rejects.toThrow('away');
    expect(await next).toBe(7);
    await settle();
    expect(await turns.run('ann', async () => 8)).toBe(8);
  });
});
