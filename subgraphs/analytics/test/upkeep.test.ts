import { setTimeout as pause } from 'node:timers/promises';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { expect, it, vi } from 'vitest';
import { startUpkeep } from '../src/upkeep.ts';

it('does its work at once and then again and again, whatever fails', async () => {
  const metrics = createMetrics();
  let calls = 0;
  const stop = startUpkeep({
    generations: {
      async prepare() {
        calls += 1;
        if (calls === 1) throw new Error('the database is away');
      },
      async dropRetired() {
        throw new Error('somebody reads');
      },
    },
    pruning: { prune: async () => [{ table: 'play_series', rows: 3 }] },
    ...{ logger: silentLogger, metrics, clock: () => 5_000, everyMs: 5 },
  });
  await vi.waitFor(() => expect(calls).toBeGreaterThan(3), { timeout: 20_000 });
  await stop();
  const text = await metrics.registry.metrics();
  expect(text).toContain('medley_analytics_upkeep_finished_seconds 5');
  expect(text).toMatch(/medley_analytics_pruned_rows_total\{table="play_series"\} \d+/);
  const before = calls;
  await pause(30);
  expect(calls).toBe(before);
});

it('drops old numbers after it has forgotten what is too old, also when that failed', async () => {
  const done: string[] = [];
  const stop = startUpkeep({
    generations: {
      prepare: async () => void done.push('prepare'),
      dropRetired: async () => void done.push('drop'),
    },
    pruning: {
      async prune() {
        done.push('prune');
        throw new Error('the database is away');
      },
    },
    ...{ logger: silentLogger, metrics: createMetrics() },
  });
  await vi.waitFor(() => expect(done).toEqual(['prepare', 'prune', 'drop']), { timeout: 20_000 });
  await stop();
});

it('stops between two portions', async () => {
  let aborted = false;
  const stop = startUpkeep({
    generations: { prepare: async () => {}, dropRetired: async () => expect.fail('it is to stop') },
    pruning: {
      async prune(_now, signal) {
        await new Promise((resolve) => signal?.addEventListener('abort', resolve));
        aborted = true;
        return [];
      },
    },
    ...{ logger: silentLogger, metrics: createMetrics() },
  });
  await pause(10);
  await stop();
  expect(aborted).toBe(true);
});
