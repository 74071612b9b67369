import { createLogger } from '@medley/service';
import { afterEach, expect, it, vi } from 'vitest';
import type { EventLog } from '../src/index.ts';
import { createMembers } from '../src/served/members.ts';

afterEach(() => {
  vi.useRealTimers();
});

it.each([
  ['could not join', () => Promise.reject(new Error('the disk is full'))],
  ['cannot leave', async () => ({ stop: () => Promise.reject(new Error('the disk is full')) })],
])('a silent member that %s is out, and the process lives', async (_, subscribe) => {
  vi.useFakeTimers();
  const lines: string[] = [];
  const logger = createLogger('test', 'info', { write: (line: string) => lines.push(line) });
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  const members = createMembers({ subscribe } as unknown as EventLog, logger);
  const member = '0194a3c0-0000-7000-8000-000000000001';
  await members.join({ member, group: 'g', topics: ['t'], maxBatch: 1, from: 'end' }).catch(() => {});
  await vi.advanceTimersByTimeAsync(11_000);
  vi.useRealTimers();
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
  expect(lines.filter((line) => line.includes('the disk is full'))).toHaveLength(1);
  await members.stop();
});
