import { afterEach, expect, it, vi } from 'vitest';
import { inTime } from '../src/in-time.ts';

const late = () => new Error('that took too long');

afterEach(() => vi.useRealTimers());

it('passes on what comes in time, whether it is a result or a failure', async () => {
  expect(await inTime(Promise.resolve(1), 1_000, late)).toBe(1);
  await expect(inTime(Promise.reject(new Error('no')), 1_000, late)).rejects.toThrow('no');
});

it('fails with an error of its own when nothing has come in time', async () => {
  await expect(inTime(new Promise(() => {}), 1, late)).rejects.toThrow('that took too long');
});

it('leaves no timer behind', async () => {
  vi.useFakeTimers();
  await inTime(Promise.resolve(1), 1_000, late);
  expect(vi.getTimerCount()).toBe(0);
});
