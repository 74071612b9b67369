import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pieceFor } from '@medley/sample-audio';
import { createLogger, type HttpService } from '@medley/service';
import { audioFormats, createUrlSigner, parseSigningKeys } from '@medley/signed-url';
import { hasChromium, launchChromium } from '@medley/testing/browser';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEdge, createOrigin } from '../src/app.ts';

const keys = parseSigningKeys(`k:${Buffer.alloc(32, 5).toString('base64url')}`);
const logger = createLogger('edge', 'silent');
const trackId = `track_${'7'.repeat(26)}`;
const originSecret = 'the secret of this test';

describe.skipIf(!hasChromium('playing from the edge in a browser'))('Chromium', () => {
  const closing: (() => Promise<unknown>)[] = [];
  let edge: HttpService;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'medley-browser-'));
    closing.unshift(() => rm(dataDir, { recursive: true, force: true }));
    const origin = await createOrigin({ dataDir, secret: originSecret, logger });
    const originService = await origin.start({ host: '127.0.0.1', port: 0 });
    closing.unshift(() => originService.stop());
    const site = await startSite();
    closing.unshift(() => new Promise((resolve) => site.close(resolve)));
    const siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    edge = await createEdge({
      keys,
      originUrl: originService.url,
      originSecret,
      allowedOrigins: [siteUrl],
      logger,
      // Two pieces are rendered first, which takes as long as the machine is busy with other things.
      originTimeoutMs: 150_000,
      lingerMs: 200,
    }).start({ host: '127.0.0.1', port: 0 });
    closing.unshift(() => edge.stop());
    browser = await launchChromium();
    closing.unshift(() => browser.close());
    page = await browser.newPage();
    await page.goto(siteUrl);
  });
  afterAll(async () => {
    for (const close of closing) await close();
  });

  const sign = (quality: 'NORMAL' | 'LOSSLESS') =>
    createUrlSigner({ keys, baseUrl: edge.url }).sign({
      trackId,
      quality,
      extension: audioFormats[quality].extension,
      userId: 'user_1',
      expiresAt: new Date(Date.now() + 600_000),
    });

  it.each(['NORMAL', 'LOSSLESS'] as const)(
    'plays %s, knows how long it lasts, and seeks',
    async (quality) => {
      const durationSeconds = pieceFor(trackId).durationMs / 1000;
      const played = await page.evaluate(
        async ({ url, seekTo }) => {
          const audio = new Audio(url);
          const heard = (from: number) =>
            new Promise<number>((resolve, reject) => {
              audio.onerror = () => reject(new Error(audio.error?.message));
              audio.ontimeupdate = () => audio.currentTime > from && resolve(audio.currentTime);
            });
          await audio.play();
          const reached = await heard(0.3);
          audio.currentTime = seekTo;
          const afterSeek = await heard(seekTo + 0.3);
          audio.pause();
          return { reached, afterSeek, duration: audio.duration };
        },
        { url: sign(quality), seekTo: 90 },
      );
      expect(played.reached).toBeGreaterThan(0.3);
      expect(played.afterSeek).toBeGreaterThan(90.3);
      expect(played.afterSeek).toBeLessThan(100);
      expect(Math.abs(played.duration - durationSeconds)).toBeLessThan(0.05);
    },
    60_000,
  );

  it('lets the page read what a range was of', async () => {
    const seen = await page.evaluate(async (url) => {
      const answer = await fetch(url, { headers: { Range: 'bytes=0-99' } });
      const { byteLength } = await answer.arrayBuffer();
      const range = answer.headers.get('content-range') ?? '';
      return { status: answer.status, range, byteLength };
    }, sign('NORMAL'));
    expect(seen).toMatchObject({ status: 206, byteLength: 100 });
    expect(seen.range).toBe(`bytes 0-99/${pieceFor(trackId).encodings.NORMAL.sizeBytes}`);
  });
});

/** A page of another origin than the edge, as a player is. */
async function startSite(): Promise<Server> {
  const site = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>player</title>');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  return site;
}
