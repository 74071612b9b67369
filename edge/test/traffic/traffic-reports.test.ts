import { edgeAccess, encodeEvent } from '@medley/events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { EdgeAccessEvent } from '../../src/traffic/traffic-events.ts';
import { startTrafficReports, type TrafficReports } from '../../src/traffic/traffic-reports.ts';

const noon = Date.parse('2026-11-23T12:00:00.000Z');
const told: EdgeAccessEvent[] = [];
let reports: TrafficReports;

const start = (options: { sampleOutOf?: number; random?: () => number } = {}) => {
  const offer = (event: EdgeAccessEvent) => {
    // What is told is by the contract.
    encodeEvent(edgeAccess, event);
    told.push(event);
  };
  reports = startTrafficReports({ node: 'edge-1', events: { offer }, ...options });
};
const audio = {
  kind: 'audio',
  method: 'GET',
  path: '/audio/v1/track_00000000000000000000000000/normal.ogg',
  range: 'bytes=0-99',
  status: 206,
  bytesSent: 100,
  originBytes: 524_288,
  durationMs: 12,
} as const;

beforeEach(() => {
  told.length = 0;
  vi.useFakeTimers({ now: noon + 3_000 });
});
afterEach(() => {
  reports.stop();
  vi.useRealTimers();
});

it('tells each ten seconds, when they are over', () => {
  start({ sampleOutOf: 0 });
  reports.answered(audio);
  reports.answered(audio);
  reports.fetched({ path: audio.path, bytes: 524_288, failed: false });
  vi.advanceTimersByTime(6_999);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(told.map(({ data }) => data)).toEqual([
    {
      node: 'edge-1',
      from: '2026-11-23T12:00:00.000Z',
      until: '2026-11-23T12:00:10.000Z',
      answers: [{ kind: 'audio', status: 206, requests: 2, bytesSent: 200 }],
      originFetches: 1,
      originFailures: 0,
      originBytes: 524_288,
      malformedLines: 0,
      hottestMisses: [{ path: audio.path, originFetches: 1, originBytes: 524_288 }],
    },
  ]);
  reports.answered(audio);
  vi.advanceTimersByTime(10_000);
  expect(told[1]?.data).toMatchObject({ from: '2026-11-23T12:00:10.000Z', originFetches: 0 });
});

it('tells once a minute that it lives when there is nothing to count', () => {
  start();
  vi.advanceTimersByTime(7_000);
  expect(told).toHaveLength(1);
  vi.advanceTimersByTime(59_000);
  expect(told).toHaveLength(1);
  vi.advanceTimersByTime(1_000);
  expect(told).toHaveLength(2);
  expect(told[1]?.data).toMatchObject({ answers: [], originFetches: 0 });
});

it('tells the rest when it stops', () => {
  start({ sampleOutOf: 0 });
  reports.answered(audio);
  reports.stop();
  reports.stop();
  expect(told.map(({ data }) => data)).toMatchObject([{ answers: [{ requests: 1 }] }]);
});

it('counts on when the clock is put back, and when the machine has slept', () => {
  start({ sampleOutOf: 0 });
  reports.answered(audio);
  vi.setSystemTime(noon - 3_600_000);
  reports.answered(audio);
  vi.setSystemTime(noon + 3_600_000);
  reports.answered(audio);
  reports.stop();
  expect(told.map(({ data }) => data)).toMatchObject([
    { from: '2026-11-23T12:00:00.000Z', answers: [{ requests: 1 }] },
    { from: '2026-11-23T11:00:00.000Z', answers: [{ requests: 1 }] },
    { from: '2026-11-23T13:00:00.000Z', answers: [{ requests: 1 }] },
  ]);
});

it('tells some requests as they were, and cuts what clients made up', () => {
  const dice = [0.5, 0.0001];
  start({ sampleOutOf: 1_000, random: () => dice.shift() ?? 1 });
  reports.answered(audio);
  reports.answered({ ...audio, method: 'X'.repeat(10_000), range: 'y'.repeat(10_000) });
  expect(told.map(({ data }) => data)).toEqual([
    {
      node: 'edge-1',
      at: '2026-11-23T12:00:03.000Z',
      method: 'X'.repeat(16),
      path: audio.path,
      range: 'y'.repeat(100),
      status: 206,
      bytesSent: 100,
      originBytes: 524_288,
      durationMs: 12,
      sampledOutOf: 1_000,
    },
  ]);
});
