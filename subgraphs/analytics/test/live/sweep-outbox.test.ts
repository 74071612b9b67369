import { type EventLog, LogUnavailableError } from '@medley/event-log';
import { analyticsLive, parseEvent } from '@medley/events';
import { silentLogger } from '@medley/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { KeptBatch } from '../../src/domain/live-outbox.ts';
import { createLiveSeconds, type LiveSeconds } from '../../src/domain/live-seconds.ts';
import { startOutboxSweep } from '../../src/live/sweep-outbox.ts';

const now = Date.parse('2026-11-23T12:00:00.000Z');
let kept: KeptBatch[];
let told: string[][];
let isAway: boolean;
let seconds: LiveSeconds | null;
let stop: () => Promise<void>;

const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const batch = (index: number, isTooOld = false): KeptBatch => ({ id: idOf(index), markets: [], isTooOld });
const append: EventLog['append'] = async (_, records) => {
  if (isAway) throw new LogUnavailableError('the log is away');
  for (const { value } of records) {
    const parsed = parseEvent(analyticsLive, value);
    if (parsed.kind !== 'event') throw new Error(`no event, but ${parsed.kind}`);
    const { batches } = parsed.event.data;
    told.push(batches.map(({ id }) => id));
    seconds?.take({ appendedAt: now, batches });
  }
  return [];
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  kept = [];
  told = [];
  isAway = false;
  seconds = createLiveSeconds(now - 1_800_000);
  stop = startOutboxSweep({
    outbox: {
      find: async (limit) => kept.slice(0, limit),
      delete: async (ids) => {
        kept = kept.filter(({ id }) => !ids.includes(id));
      },
    },
    log: { append },
    seconds: () => seconds,
    logger: silentLogger,
  });
});
afterEach(async () => {
  await stop();
  vi.useRealTimers();
});
const look = () => vi.advanceTimersByTimeAsync(5_000);

it('tells what the log does not have, and lets go of it when the log has it', async () => {
  seconds?.take({ appendedAt: now, batches: [batch(1)] });
  kept = [batch(1), batch(2)];
  await look();
  expect([told, kept]).toEqual([[[idOf(2)]], [batch(2)]]);
  await look();
  expect([told, kept]).toEqual([[[idOf(2)]], []]);
});

it('tells nothing as long as it does not know what was told, nor what is so old that nobody knows', async () => {
  const known = seconds;
  seconds = null;
  kept = [batch(1), batch(2, true)];
  await look();
  expect([told, kept.length]).toEqual([[], 2]);
  seconds = known;
  await look();
  expect([told, kept]).toEqual([[[idOf(1)]], [batch(1)]]);
});

it('tells it when the log is back', async () => {
  kept = [batch(1)];
  isAway = true;
  await look();
  expect(kept).toHaveLength(1);
  isAway = false;
  await look();
  expect(told).toEqual([[idOf(1)]]);
});

it('gets to the end of many, told some at a time', async () => {
  kept = Array.from({ length: 2_400 }, (_, index) => batch(index));
  seconds?.take({ appendedAt: now, batches: kept.slice(0, 2_300) });
  await look();
  expect(told.map((ids) => ids.length)).toEqual([50, 50]);
  expect(kept).toHaveLength(100);
});
