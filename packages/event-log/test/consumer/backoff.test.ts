import { describe, expect, it } from 'vitest';
import { backoffMs, pause } from '../../src/consumer/backoff.ts';

const backoff = { firstMs: 200, maxMs: 30_000 };

describe('the pause after failures', () => {
  it('doubles, up to its bound', () => {
    const pauses = [1, 2, 3, 8, 9, 1_000_000].map((failures) => backoffMs(backoff, failures, 1));
    expect(pauses).toEqual([200, 400, 800, 25_600, 30_000, 30_000]);
  });

  it('is half by chance', () => {
    expect([0, 0.5, 1].map((random) => backoffMs(backoff, 1, random))).toEqual([100, 150, 200]);
    const pauses = Array.from({ length: 100 }, () => backoffMs(backoff, 4));
    expect(new Set(pauses).size).toBeGreaterThan(50);
    for (const ms of pauses) expect(ms >= 800 && ms <= 1_600).toBe(true);
  });

  it('ends at once when it is time to stop', async () => {
    const stopping = new AbortController();
    const paused = pause(60_000, stopping.signal);
    stopping.abort();
    await expect(paused).rejects.toThrow('stopped before it was done');
    await expect(pause(1, stopping.signal)).rejects.toThrow();
  });
});
