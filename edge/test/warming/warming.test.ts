import { createLogger, createMetrics, type HttpService } from '@medley/service';
import type { Question } from '@medley/service-caller';
import { parseSigningKeys } from '@medley/signed-url';
import { silentLogger } from '@medley/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createEdge,
  createWarming,
  formatWarmReport,
  startWarmingSchedule,
  type WarmTerms,
} from '../../src/app.ts';
import { findMostPlayed } from '../../src/warming/most-played.ts';
import {
  fileSize,
  originSecret,
  type StandInOrigin,
  startStandInOrigin,
} from '../contract/stand-in-origin.ts';

const keys = parseSigningKeys(`k:${Buffer.alloc(32, 1).toString('base64url')}`);
const slice = 524_288;
/** Of the stand-in origin's files. */
const slicesOfFile = 3;
const terms: WarmTerms = {
  share: 0.01,
  minTracks: 2,
  qualities: ['NORMAL'],
  budgetBytes: 1_000_000_000,
  bytesPerSecond: 1_000_000_000,
  concurrency: 4,
};
const trackIds = (count: number, last = '0') =>
  Array.from({ length: count }, (_, at) => `track_0${String(at).padStart(24, '0')}${last}`);
const never = new AbortController().signal;

describe('warming the edge', () => {
  let origin: StandInOrigin;
  let edge: HttpService;
  let played: readonly string[];
  let asked: object[];

  /** Analytics, as far as it matters here. */
  const analytics = {
    async ask<Data>({ query, variables = {}, data }: Question<Data>): Promise<Data> {
      asked.push(variables);
      if (query.includes('playedTrackCount')) return data.parse({ playedTrackCount: played.length });
      const { first } = variables as { first: number };
      return data.parse({ mostPlayedTracks: played.slice(0, first) });
    },
  };
  const warming = (more: Partial<Parameters<typeof createWarming>[0]> = {}) =>
    createWarming({
      analytics,
      edgeUrls: [edge.url],
      keys,
      terms,
      metrics: createMetrics(),
      timeoutMs: 2_000,
      ...more,
    });

  beforeEach(async () => {
    played = [];
    asked = [];
    origin = await startStandInOrigin();
    edge = await createEdge({
      keys,
      originUrl: origin.url,
      originSecret,
      logger: createLogger('edge', 'silent'),
      originTimeoutMs: 1_000,
      lingerMs: 100,
    }).start({ host: '127.0.0.1', port: 0 });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await edge.stop();
    await origin.stop();
  });

  it('has every slice of what is played most in the cache, and tells what that cost', async () => {
    played = trackIds(300);
    const progress: number[] = [];
    const report = await warming().run({
      signal: never,
      onProgress: ({ originBytes }) => void progress.push(originBytes),
    });
    // One percent of three hundred.
    expect(report).toMatchObject({
      ended: 'done',
      tracks: 3,
      ofTracks: 3,
      fetched: 3 * slicesOfFile,
      hits: 0,
      originBytes: 3 * fileSize,
    });
    expect(progress.at(-1)).toBe(3 * fileSize);
    expect(new Set(origin.asked.map((line) => line.split(' ')[0]))).toEqual(
      new Set(played.slice(0, 3).map((id) => `/audio/v1/${id}/normal.ogg`)),
    );
    expect(formatWarmReport(report)).toMatch(
      /^3 of 3 tracks {2}9 slices fetched \(3\.9 MB\) {2}0 were warm {2}in [\d.]+ s\nAll of them are warm\.$/,
    );
  });

  it('asks the origin for nothing that is warm', async () => {
    played = trackIds(2);
    await warming().run({ signal: never });
    origin.reset();
    const report = await warming().run({ signal: never });
    expect(report).toMatchObject({ ended: 'done', hits: 2 * slicesOfFile, fetched: 0, originBytes: 0 });
    expect(origin.asked).toEqual([]);
  });

  it('warms each quality at each edge', async () => {
    played = trackIds(1);
    const report = await warming({ terms: { ...terms, qualities: ['HIGH', 'LOSSLESS'] } }).run({
      signal: never,
    });
    expect(report).toMatchObject({ fetched: 2 * slicesOfFile });
    expect(new Set(origin.asked.map((line) => line.split(' ')[0]?.split('/').at(-1)))).toEqual(
      new Set(['high.ogg', 'lossless.flac']),
    );
  });

  it('passes over what the origin does not have', async () => {
    played = [...trackIds(1, 'z'), ...trackIds(1)];
    const report = await warming().run({ signal: never });
    expect(report).toMatchObject({ ended: 'done', tracks: 2, fetched: slicesOfFile, failed: 0 });
  });

  it('ends when the budget is spent, and never spends more', async () => {
    played = trackIds(50);
    const report = await warming({ terms: { ...terms, minTracks: 50, budgetBytes: 7 * slice } }).run({
      signal: never,
    });
    expect(report.ended).toBe('budget');
    expect(report.originBytes).toBeLessThanOrEqual(7 * slice);
    expect(report.originBytes).toBeGreaterThan(3 * slice);
    expect(formatWarmReport(report)).toContain('The budget is spent');
  });

  it('asks for no more at once than it may', async () => {
    played = trackIds(6);
    origin.mode = 'gate';
    const running = warming({ terms: { ...terms, minTracks: 6, concurrency: 3 } }).run({ signal: never });
    await expect.poll(() => origin.asked.length).toBe(3);
    origin.openGate();
    await running;
  });

  it('asks no faster than it may', async () => {
    played = trackIds(6);
    let nowMs = 0;
    const clock = {
      now: () => nowMs,
      sleep: async (durationMs: number) => {
        nowMs += durationMs;
      },
    };
    const paced = { ...terms, minTracks: 3, bytesPerSecond: 4 * fileSize, concurrency: 1 };
    await warming({ terms: paced, clock }).run({ signal: never });
    // Three files at four a second; the last slice is not waited for.
    const lastSlice = fileSize - (slicesOfFile - 1) * slice;
    expect(nowMs).toBeCloseTo(((3 * fileSize - lastSlice) / paced.bytesPerSecond) * 1_000);
  });

  it('can be interrupted while the origin takes its time', async () => {
    played = trackIds(3);
    origin.mode = 'hang';
    const interrupt = new AbortController();
    const running = warming().run({ signal: interrupt.signal });
    await expect.poll(() => origin.asked.length).toBeGreaterThan(0);
    interrupt.abort();
    expect(await running).toMatchObject({ ended: 'interrupted', fetched: 0 });
  });

  it('gives up when one slice after another cannot be had', async () => {
    played = trackIds(100);
    origin.mode = 'fail';
    const report = await warming({ terms: { ...terms, minTracks: 100, concurrency: 1 } }).run({
      signal: never,
    });
    expect(report).toMatchObject({ ended: 'failing', failed: 10 });
    expect(formatWarmReport(report)).toContain('answered with status 502');
    // Nor is an edge asked on and on that is not there.
    const away = await warming({ edgeUrls: ['http://127.0.0.1:1'], terms: { ...terms, minTracks: 100 } }).run(
      {
        signal: never,
      },
    );
    expect(away.ended).toBe('failing');
  });

  it('leaves one edge in peace that is away, and warms the others', async () => {
    played = trackIds(20);
    const report = await warming({
      edgeUrls: ['http://127.0.0.1:1', edge.url],
      terms: { ...terms, minTracks: 20, concurrency: 1 },
    }).run({ signal: never });
    expect(report).toMatchObject({ ended: 'done', failed: 10, fetched: 20 * slicesOfFile });
    expect(formatWarmReport(report)).toMatch(/The others are warm\.\nThe last failure: .*127\.0\.0\.1:1/);
  });

  it('says so at once when the edge takes other keys', async () => {
    played = trackIds(3);
    const others = parseSigningKeys(`k:${Buffer.alloc(32, 2).toString('base64url')}`);
    await expect(warming({ keys: others }).run({ signal: never })).rejects.toThrow(
      /refused a URL that was just signed, with status 403/,
    );
  });

  it('has nothing to do where nothing was played', async () => {
    const report = await warming().run({ signal: never });
    expect(report).toMatchObject({ ended: 'done', ofTracks: 0 });
    expect(formatWarmReport(report)).toContain('Nothing was played');
  });

  it('reads no further down than analytics tells what is played most', async () => {
    played = trackIds(12_000);
    const { count, tracks } = await findMostPlayed(analytics, { share: 0.9, minTracks: 0 });
    const read: string[] = [];
    for await (const track of tracks) read.push(track);
    expect([count, read]).toEqual([10_000, played.slice(0, 10_000)]);
    expect(asked).toEqual([{}, { first: 10_000 }]);
  });

  it('runs on a schedule, and goes on when a run fails', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    let runs = 0;
    const failing = {
      ask: async () => {
        runs += 1;
        throw new Error('analytics is away');
      },
    };
    const schedule = startWarmingSchedule({
      warming: warming({ analytics: failing }),
      everyMs: 20,
      logger: silentLogger,
    });
    await vi.advanceTimersByTimeAsync(50);
    expect(runs).toBe(3);
    await schedule.stop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(runs).toBe(3);
  });
});
