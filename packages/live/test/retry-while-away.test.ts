import { describe, expect, it } from 'vitest';
import { createRetryWhileAway } from '../src/retry-while-away.ts';

class AwayError extends Error {}

const open = () => {
  const noted: string[] = [];
  const retryWhileAway = createRetryWhileAway({
    isAway: (error) => error instanceof AwayError,
    onAway: () => noted.push('away'),
    onBack: () => noted.push('back'),
    retryMs: 1,
  });
  return { noted, retryWhileAway, stopping: new AbortController() };
};

describe('retrying while it is away', () => {
  it('reads until it succeeds, and says once that it was away and once that it is back', async () => {
    const { noted, retryWhileAway, stopping } = open();
    let failures = 3;
    const read = async () => {
      if (failures-- > 0) throw new AwayError();
      return 'read';
    };
    expect(await retryWhileAway(read, stopping.signal)).toBe('read');
    expect(await retryWhileAway(read, stopping.signal)).toBe('read');
    expect(noted).toEqual(['away', 'back']);
  });

  it('throws what is no matter of being away', async () => {
    const { noted, retryWhileAway, stopping } = open();
    const read = () => Promise.reject(new TypeError('a bug'));
    await expect(retryWhileAway(read, stopping.signal)).rejects.toThrow('a bug');
    expect(noted).toEqual([]);
  });

  it('ends when nobody waits any more', async () => {
    const { retryWhileAway, stopping } = open();
    const read = async () => {
      stopping.abort();
      throw new AwayError();
    };
    expect(await retryWhileAway(read, stopping.signal)).toBeUndefined();
  });
});
