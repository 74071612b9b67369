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
    },
    pruning: { prune: async () => [{ table: 'play_series', rows: 3 }] },
    ...{ logger: silentLogger, metrics, clock: () => 5_000, everyMs: 5 },
  });
  await vi.waitFor(() => expect(calls).toBeGreaterThan(3));
  await stop();
  const text = await metrics.registry.metrics();
  expect(text).toContain('medley_analytics_upkeep_finished_seconds 5');
  expect(text).toMatch(/medley_analytics_pruned_rows_total\{table="play_series"\} \d+/);
  const before = calls;
  await pause(30);
  expect(calls).toBe(before);
});

it('stops between two portions', async () => {
  let aborted = false;
  const stop = startUpkeep({
    generations: { prepare: async () => {} },
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
