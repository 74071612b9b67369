import { randomUUID } from 'node:crypto';
import { type EventOf, type playbackQueueChanged, playbackState } from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createOfferedEvents,
  type LogRecord,
  LogUnavailableError,
  type OfferedEvents,
  RecordTooLargeError,
  UnknownTopicError,
} from '../src/index.ts';

type Told = EventOf<typeof playbackQueueChanged>;

const event = (revision: number): Told => ({
  id: randomUUID(),
  type: 'PlaybackQueueChanged',
  version: 1,
  source: 'streaming',
  time: '2026-11-23T08:00:00.000Z',
  key: 'user_1',
  data: { userId: 'user_1', revision, items: 0, device: null },
});

/** A log that keeps batches, and fails as it is told to. */
function createTestLog() {
  const batches: number[][] = [];
  const tries: number[][] = [];
  const log = {
    batches,
    tries,
    fails: null as null | ((revisions: number[]) => Error | Promise<never> | null),
    async append(_topic: string, records: readonly LogRecord[]) {
      const revisions = records.map(({ value }) => JSON.parse(String(value)).data.revision as number);
      tries.push(revisions);
      const failure = await log.fails?.(revisions);
      if (failure) throw failure;
      batches.push(revisions);
      return [];
    },
  };
  return log;
}

const away = () => new LogUnavailableError('away');

describe('events that are offered', () => {
  let log: ReturnType<typeof createTestLog>;
  let metrics: ReturnType<typeof createMetrics>;
  let events: OfferedEvents<Told>;
  const open = (options: { capacity?: number; maxBatch?: number; drainMs?: number } = {}) =>
    createOfferedEvents({
      log,
      topic: playbackState,
      capacity: 100,
      logger: silentLogger,
      metrics,
      ...options,
    });
  const offer = (from: number, to: number) => {
    for (let revision = from; revision <= to; revision++) events.offer(event(revision));
  };
  const read = async (name: string) => (await metrics.registry.getSingleMetric(name)?.get())?.values ?? [];
  const outcomes = async () =>
    Object.fromEntries(
      (await read('medley_offered_events_total')).map(({ labels, value }) => [labels.outcome, value]),
    );
  const held = async () => (await read('medley_offered_events_held'))[0]?.value;

  beforeEach(() => {
    vi.useFakeTimers();
    log = createTestLog();
    metrics = createMetrics();
    events = open();
  });
  afterEach(async () => {
    const stopped = events.stop();
    await vi.runAllTimersAsync();
    await stopped;
    vi.useRealTimers();
  });

  it('travel together, within 100 ms, in their order', async () => {
    offer(1, 3);
    await vi.advanceTimersByTimeAsync(99);
    expect(log.batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(log.batches).toEqual([[1, 2, 3]]);
    offer(4, 4);
    await vi.advanceTimersByTimeAsync(100);
    expect(log.batches).toEqual([[1, 2, 3], [4]]);
    expect(await outcomes()).toEqual({ stored: 4 });
    expect(await held()).toBe(0);
  });

  it('go at once when a batch is full, and never two batches at a time', async () => {
    events = open({ maxBatch: 2 });
    let free = () => {};
    log.fails = () => new Promise((resolve) => (free = () => resolve(null as never)));
    offer(1, 5);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(log.tries).toEqual([[1, 2]]);
    free();
    await vi.advanceTimersByTimeAsync(1);
    expect(log.tries).toEqual([
      [1, 2],
      [3, 4],
    ]);
    free();
    await vi.advanceTimersByTimeAsync(100);
    free();
    await vi.advanceTimersByTimeAsync(0);
    expect(log.batches).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('wait while the log is away, the same batch first, and what has no room is lost and counted', async () => {
    events = open({ capacity: 5 });
    log.fails = away;
    offer(1, 3);
    await vi.advanceTimersByTimeAsync(60_000);
    offer(4, 9);
    expect(await held()).toBe(5);
    expect(log.tries.length).toBeGreaterThan(10);
    expect(log.tries.length).toBeLessThan(25);
    expect(new Set(log.tries.map(String))).toEqual(new Set(['1,2,3']));
    log.fails = null;
    await vi.advanceTimersByTimeAsync(6_000);
    expect(log.batches).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    expect(await outcomes()).toEqual({ full: 4, stored: 5 });
  });

  it('wait for a topic that is not there yet', async () => {
    log.fails = () => new UnknownTopicError(playbackState.name);
    offer(1, 2);
    await vi.advanceTimersByTimeAsync(1_000);
    log.fails = null;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(log.batches).toEqual([[1, 2]]);
  });

  it('that the log will never take cost nobody else', async () => {
    log.fails = (revisions) => (revisions.includes(2) ? new RecordTooLargeError(2_000_000, 1) : null);
    offer(1, 3);
    await vi.advanceTimersByTimeAsync(100);
    expect(log.batches).toEqual([[1], [3]]);
    expect(await outcomes()).toEqual({ refused: 1, stored: 2 });
  });

  it('are all sent before it has stopped, and taken no more', async () => {
    events = open({ maxBatch: 2 });
    offer(1, 5);
    await events.stop();
    expect(log.batches).toEqual([[1, 2], [3, 4], [5]]);
    offer(6, 6);
    expect(await outcomes()).toEqual({ stored: 5, stopped: 1 });
  });

  it('are given up when the log is away as it stops, and when it hangs', async () => {
    log.fails = away;
    offer(1, 3);
    await events.stop();
    expect(await outcomes()).toEqual({ stopped: 3 });

    events = open({ drainMs: 500 });
    let hung = true;
    log.fails = () => new Promise((resolve) => setTimeout(() => resolve(null as never), hung ? 60_000 : 0));
    offer(4, 5);
    const stopped = events.stop().then(() => (hung = false));
    await vi.advanceTimersByTimeAsync(500);
    await stopped;
    expect(hung).toBe(false);
    expect(await outcomes()).toEqual({ stopped: 5 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await outcomes()).toEqual({ stopped: 5 });
  });

  it('of several topics are counted in one process', async () => {
    const other = open();
    offer(1, 1);
    other.offer(event(2));
    await vi.advanceTimersByTimeAsync(100);
    expect(await outcomes()).toEqual({ stored: 2 });
    await other.stop();
  });
});
