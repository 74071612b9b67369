import type { PlaybackMeasurement } from '@medley/player-metrics';
import type { servePlayerPage } from '@medley/player-metrics/test/player-page';
import { launchChromium } from '@medley/testing/browser';
import type { Page } from 'playwright-core';
import type { WholeService } from './start.ts';

export interface Play {
  /** Of the listener. */
  readonly token: string;
  readonly trackId: string;
  /** Its first 512 KB are fetched as soon as there is sound. */
  readonly nextTrackId?: string;
  /** How long to listen after the first sound. */
  readonly listenMs: number;
  /** Instead of the grant's URL: as by a player that kept one for too long. */
  readonly spoilUrl?: boolean;
}

export interface Played {
  readonly measurement: PlaybackMeasurement;
  readonly prefetched: {
    readonly status: number;
    readonly bytes: number;
    readonly edge: string | null;
  } | null;
}

/** A player in a page of an origin of its own: it asks the graph for grants, plays them from the edge, and reports how that felt. */
export interface WebPlayer {
  readonly page: Page;
  play(service: WholeService, play: Play): Promise<Played>;
  stop(): Promise<void>;
}

/** @param site of `servePlayerPage` */
export async function openWebPlayer(site: Awaited<ReturnType<typeof servePlayerPage>>): Promise<WebPlayer> {
  const browser = await launchChromium();
  const page = await browser.newPage();
  await page.goto(site.url);
  return {
    page,
    play: (service, play) => page.evaluate(playInPage, { graphUrl: `${service.url}/graphql`, ...play }),
    stop: () => browser.close(),
  };
}

/** What a web player does; it runs in the page. */
async function playInPage({
  graphUrl,
  token,
  trackId,
  nextTrackId,
  listenMs,
  spoilUrl,
}: Play & { graphUrl: string }) {
  const headers = { authorization: `Bearer ${token}` };
  async function askForGrant(trackId: string) {
    const query = `query ($trackId: ID!) {
      playbackUrl(trackId: $trackId, quality: NORMAL) { ... on PlaybackGrant { url playbackToken } }
    }`;
    const response = await fetch(graphUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables: { trackId } }),
    });
    return (await response.json()).data.playbackUrl as { url: string; playbackToken: string };
  }

  const clickedAtMs = performance.now();
  const { url, playbackToken } = await askForGrant(trackId);
  const queue = metrics.createMeasurementQueue({
    send: metrics.createGraphSender({ url: graphUrl, headers: () => headers, player: 'test/1.0' }),
    sendAfterMs: 0,
  });
  const audio = document.body.appendChild(new Audio());
  audio.crossOrigin = 'anonymous';
  audio.src = spoilUrl ? url.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')) : url;
  const over = new Promise<PlaybackMeasurement>((resolve) => {
    const measured = metrics.measurePlayback(audio, {
      playbackToken,
      clickedAtMs,
      report(measurement) {
        queue.add(measurement);
        resolve(measurement);
      },
    });
    audio.play().catch(measured.refused);
    audio.addEventListener('timeupdate', () => {
      if (audio.currentTime * 1_000 < listenMs) return;
      measured.stop();
      audio.pause();
    });
  });
  const prefetched = nextTrackId
    ? new Promise<void>((resolve) => audio.addEventListener('playing', () => resolve(), { once: true }))
        .then(() => askForGrant(nextTrackId))
        .then((next) => metrics.prefetchSlice(next.url))
    : undefined;
  const measurement = await over;
  audio.removeAttribute('src');
  audio.load();
  audio.remove();
  return { measurement, prefetched: (await prefetched) ?? null };
}
