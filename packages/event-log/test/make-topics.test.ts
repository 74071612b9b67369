import { playEvents } from '@medley/events';
import { silentLogger } from '@medley/testing';
import { describe, expect, it, vi } from 'vitest';
import { LogUnavailableError, startMakingTopics } from '../src/index.ts';

describe('making topics', () => {
  const start = (ensureTopics: () => Promise<void>) =>
    startMakingTopics({
      log: { admin: { ensureTopics } },
      topics: [playEvents],
      logger: silentLogger,
      everyMs: 1,
    });

  it('goes on until the log is there, and then ends', async () => {
    const ensureTopics = vi.fn(async () => {
      if (ensureTopics.mock.calls.length < 4) throw new LogUnavailableError('away');
    });
    start(ensureTopics);
    await vi.waitFor(() => expect(ensureTopics).toHaveBeenCalledTimes(4), { timeout: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(ensureTopics).toHaveBeenCalledTimes(4);
    expect(ensureTopics).toHaveBeenCalledWith([playEvents]);
  });

  it('can be given up', async () => {
    const ensureTopics = vi.fn(() => Promise.reject(new LogUnavailableError('away')));
    const giveUp = start(ensureTopics);
    await vi.waitFor(() => expect(ensureTopics.mock.calls.length).toBeGreaterThan(1), { timeout: 20_000 });
    giveUp();
    const { length } = ensureTopics.mock.calls;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(ensureTopics.mock.calls.length).toBeLessThanOrEqual(length + 1);
  });
});
