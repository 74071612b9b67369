import { hasChromium, launchChromium } from '@medley/testing/browser';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlaybackMeasurement } from '../src/index.ts';
import { type Mood, startMoodyEdge } from './moody-edge.ts';
import { servePlayerPage } from './player-page.ts';

const starvedMs = 10_000;
/** A machine that is busy stumbles by itself, for some hundredths of a second. */
const stumbleMs = 500;

describe.skipIf(!hasChromium('measuring a real player'))('in Chromium, a play', () => {
  const closing: (() => Promise<unknown>)[] = [];
  let edge: Awaited<ReturnType<typeof startMoodyEdge>>;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const player = await servePlayerPage();
    closing.unshift(() => player.stop());
    edge = await startMoodyEdge(player.url, { starvedMs });
    closing.unshift(() => edge.stop());
    browser = await launchChromium();
    closing.unshift(() => browser.close());
    page = await browser.newPage();
    await page.goto(player.url);
  });
  afterAll(async () => {
    for (const close of closing) await close();
  });

  /** Plays until it is over, or for so long. */
  const measure = (
    mood: Mood,
    { leaveAfterMs, url = edge.url(mood) }: { leaveAfterMs?: number; url?: string } = {},
  ) =>
    page.evaluate(
      ({ url, leaveAfterMs }) =>
        new Promise<PlaybackMeasurement>((report) => {
          const audio = new Audio();
          audio.crossOrigin = 'anonymous';
          audio.src = url;
          const clickedAtMs = performance.now();
          const measured = metrics.measurePlayback(audio, { playbackToken: 'token', clickedAtMs, report });
          audio.play().catch(measured.refused);
          if (leaveAfterMs !== undefined) setTimeout(measured.stop, leaveAfterMs);
        }),
      { url, leaveAfterMs },
    );

  it('that goes well is told as it was', async () => {
    const measured = await measure('fine');
    expect(measured).toMatchObject({ outcome: 'STARTED', failure: null });
    expect(measured.stalls.filter(({ lengthMs }) => lengthMs > stumbleMs)).toEqual([]);
    expect(measured.clickToSoundMs).toBeGreaterThan(0);
    expect(measured.clickToSoundMs).toBeLessThan(5_000);
    expect(Math.abs(measured.msPlayed - edge.seconds * 1_000)).toBeLessThan(100);
    expect(measured.bytes).toBeGreaterThanOrEqual(edge.sizeBytes);
    expect(measured.edgeHits).toBeGreaterThan(0);
    expect(measured.edgeMisses).toBe(0);
  });

  it('that stops for want of data tells where, and for how long', async () => {
    const url = edge.url('starved');
    const measured = await measure('starved', { url });
    expect(measured.outcome).toBe('STARTED');
    // Wide, because a machine that is busy begins late and hears late: several times what it is when nothing else runs.
    const soundMs = edge.seconds * 1_000;
    const atOnceMs = edge.secondsAtOnce * 1_000;
    const silentMs = edge.quietMsOf(url) - atOnceMs;
    expect(silentMs).toBeGreaterThan(0);
    const starved = measured.stalls.filter((stall) => stall.lengthMs > stumbleMs);
    expect(starved, JSON.stringify(measured.stalls)).toHaveLength(1);
    const { atMs = 0, lengthMs = 0 } = starved[0] ?? {};
    expect(Math.abs(atMs - atOnceMs)).toBeLessThan(2_000);
    expect(lengthMs).toBeLessThan(silentMs * 4);
    expect(Math.abs(measured.msPlayed - soundMs)).toBeLessThan(2_000);
  });

  it.each<[string, Mood, object]>([
    ['an edge that refuses', 'refused', { failure: 'HTTP', httpStatus: 410 }],
    ['an edge that fails', 'broken', { failure: 'HTTP', httpStatus: 502 }],
    ['an edge that is gone', 'dead', { failure: 'NETWORK', httpStatus: null }],
    ['garbage', 'garbage', { failure: 'DECODE', httpStatus: null }],
    ['a format that nobody knows', 'unknown', { failure: 'UNSUPPORTED', httpStatus: null }],
  ])('that meets %s says so', async (_, mood, expected) => {
    expect(await measure(mood)).toMatchObject({ outcome: 'FAILED', clickToSoundMs: null, ...expected });
  });

  it('that somebody left before there was sound has failed nobody', async () => {
    expect(await measure('silent', { leaveAfterMs: 500 })).toMatchObject({
      outcome: 'ABANDONED',
      failure: null,
      msPlayed: 0,
    });
  });

  it('that was fetched ahead begins from the browser’s own copy', async () => {
    const url = edge.url('fine');
    const prefetched = await page.evaluate((url) => metrics.prefetchSlice(url), url);
    expect(prefetched).toMatchObject({ status: 206, bytes: 524_288, edge: 'HIT' });
    const measured = await page.evaluate(
      (url) =>
        new Promise<PlaybackMeasurement>((report) => {
          const audio = new Audio();
          audio.crossOrigin = 'anonymous';
          audio.src = url;
          const { stop } = metrics.measurePlayback(audio, { playbackToken: 'token', report });
          audio.addEventListener('timeupdate', () => audio.currentTime > 1 && stop());
          void audio.play();
        }),
      url,
    );
    expect(measured.outcome).toBe('STARTED');
    // Each byte crossed the network once.
    expect(measured.bytes).toBe(edge.sizeBytes);
    expect(edge.rangesOf(url)).toEqual(['bytes=0-524287', 'bytes=524288-960043']);
  });
});
