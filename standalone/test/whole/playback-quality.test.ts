import { sampleLandmarks } from '@medley/catalog/sample/landmarks';
import { servePlayerPage } from '@medley/player-metrics/test/player-page';
import { hasChromium } from '@medley/testing/browser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPlaybackQuality } from './read-playback-quality.ts';
import { startWholeService, type WholeService } from './start.ts';
import { openWebPlayer, type WebPlayer } from './web-player.ts';

describe.skipIf(!hasChromium('measuring plays in a browser'))('a web player', () => {
  const closing: (() => Promise<unknown>)[] = [];
  let service: WholeService;
  let player: WebPlayer;
  const from = new Date().toISOString();
  const track = sampleLandmarks.everywhere.id;

  beforeAll(async () => {
    const site = await servePlayerPage();
    closing.unshift(() => site.stop());
    service = await startWholeService({ env: { CORS_ORIGINS: site.url } });
    closing.unshift(() => service.stop());
    player = await openWebPlayer(site);
    closing.unshift(() => player.stop());
  }, 180_000);
  afterAll(async () => {
    for (const close of closing) await close();
  });

  const play = (as: string, more: object = {}) =>
    player.play(service, {
      token: service.tokenOf(as),
      trackId: track,
      listenMs: 2_000,
      ...more,
    });

  it('plays from the edge, fetches the next 512 KB, and its numbers stand in the graph', async () => {
    // On repeat: what comes next is the same track under a grant of its own.
    const { measurement, prefetched } = await play('premium-us', { nextTrackId: track });
    expect(measurement).toMatchObject({ outcome: 'STARTED', failure: null });
    expect(measurement.msPlayed).toBeGreaterThan(1_900);
    expect(prefetched).toMatchObject({ status: 206, bytes: 524_288 });

    const group = await readPlaybackQuality(service, { from, starts: 1, filter: { tier: 'PREMIUM' } });
    expect(group).toMatchObject({ startFailures: 0, abandonedStarts: 0, startFailureRatio: 0 });
    expect(group.bytes).toBe(measurement.bytes);
    expect(group.bytes).toBeGreaterThan(0);
    expect(group.edgeHitRatio).toBe(measurement.edgeHits / (measurement.edgeHits + measurement.edgeMisses));
    const clickToSoundMs = measurement.clickToSoundMs ?? 0;
    expect(group.clickToSound?.count).toBe(1);
    // As exact as the sketch, and whole milliseconds.
    const off = clickToSoundMs * (group.clickToSound?.relativeError ?? 0) + 1;
    expect(Math.abs((group.clickToSound?.p50Ms ?? 0) - clickToSoundMs)).toBeLessThan(off);
  });

  it('tells what could not be heard', async () => {
    const { measurement } = await play('free-de', { spoilUrl: true });
    expect(measurement).toMatchObject({ outcome: 'FAILED', failure: 'HTTP', httpStatus: 403 });
    const group = await readPlaybackQuality(service, {
      from,
      starts: 0,
      failures: 1,
      filter: { tier: 'FREE' },
    });
    expect(group).toMatchObject({ startFailureRatio: 1, clickToSound: null });
  });

  it('tells it also when somebody leaves the page', async () => {
    const before = await readPlaybackQuality(service, { from, starts: 1, filter: { tier: 'PREMIUM' } });
    const playing = play('premium-br', { listenMs: 60_000 }).catch(() => null);
    await player.page.waitForFunction(() => Number(document.querySelector('audio')?.currentTime) > 1);
    await player.page.goto('about:blank');
    await playing;
    const group = await readPlaybackQuality(service, { from, starts: 2, filter: { tier: 'PREMIUM' } });
    expect(group.clickToSound?.count).toBe(2);
    expect(group.bytes).toBeGreaterThanOrEqual(before.bytes);
  });
});
