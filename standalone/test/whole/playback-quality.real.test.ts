import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleLandmarks } from '@medley/catalog/sample/landmarks';
import { createOrigin } from '@medley/edge';
import { servePlayerPage } from '@medley/player-metrics/test/player-page';
import { createLogger } from '@medley/service';
import { hasChromium } from '@medley/testing/browser';
import { hasNginx, startTestNginx } from '@medley/testing/nginx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOrCreateSecrets } from '../../src/secrets.ts';
import { copyPreparedFolder } from './prepared-folder.ts';
import { readPlaybackQuality } from './read-playback-quality.ts';
import { startWholeService, type WholeService } from './start.ts';
import { openWebPlayer, type Played, type WebPlayer } from './web-player.ts';

const starts = 12;
const what = 'measuring plays through nginx in a browser';

describe.skipIf(![hasChromium(what), hasNginx(what)].every(Boolean))('a web player, from nginx', () => {
  const closing: (() => Promise<unknown>)[] = [];
  let service: WholeService;
  let player: WebPlayer;
  let tokens: string[];

  beforeAll(async () => {
    const logger = createLogger('test', 'silent');
    const dataDir = await mkdtemp(join(tmpdir(), 'medley-whole-'));
    await copyPreparedFolder(dataDir);
    const { urlSigningKeys, originSecret } = await readOrCreateSecrets(dataDir);
    const originDir = await mkdtemp(join(tmpdir(), 'medley-origin-'));
    closing.unshift(() => rm(originDir, { recursive: true, force: true }));
    await cp(join(dataDir, 'audio'), join(originDir, 'audio'), { recursive: true });
    const origin = await createOrigin({ dataDir: originDir, secret: originSecret, logger });
    closing.unshift(() => origin.stop());
    const originService = await origin.start({ host: '127.0.0.1', port: 0 });
    closing.unshift(() => originService.stop());
    const site = await servePlayerPage();
    closing.unshift(() => site.stop());
    const nginx = await startTestNginx({
      signingKeys: urlSigningKeys,
      originUrl: originService.url,
      originSecret,
      allowedOrigins: [site.url],
      // The piece is rendered first, which takes as long as the machine is busy with other things.
      originTimeoutMs: 150_000,
    });
    if (!nginx) throw new Error('there was an nginx a moment ago');
    closing.unshift(() => nginx.stop());
    service = await startWholeService({
      dataDir,
      env: { EDGE_BASE_URL: nginx.url, CORS_ORIGINS: site.url },
    });
    closing.unshift(() => service.stop());
    tokens = await signUp(service, starts);
    player = await openWebPlayer(site);
    closing.unshift(() => player.stop());
  }, 300_000);
  afterAll(async () => {
    for (const close of closing) await close();
  });

  it('shows in the graph how long its starts took', { timeout: 300_000 }, async () => {
    const from = new Date().toISOString();
    const trackId = sampleLandmarks.everywhere.id;
    const played: Played[] = [];
    for (const token of tokens) played.push(await player.play(service, { token, trackId, listenMs: 500 }));

    expect(played.map(({ measurement }) => measurement.outcome)).toEqual(tokens.map(() => 'STARTED'));
    const times = played.map(({ measurement }) => measurement.clickToSoundMs ?? 0).sort((a, b) => a - b);
    const { clickToSound, edgeHitRatio, startFailures, bytes } = await readPlaybackQuality(service, {
      from,
      starts,
    });
    const rank = (share: number) => times[Math.round(share * (starts - 1))] ?? 0;
    console.info(
      `click to sound through nginx, ${starts} starts: p50 ${rank(0.5)} ms, p95 ${rank(0.95)} ms; ` +
        `in the graph p50 ${clickToSound?.p50Ms} ms, p95 ${clickToSound?.p95Ms} ms`,
    );
    expect(clickToSound?.count).toBe(starts);
    // As exact as the sketch, between the neighbours of the rank.
    const error = 1 + (clickToSound?.relativeError ?? 0);
    const near = (share: number, by: number) => times[Math.round(share * (starts - 1)) + by] ?? 0;
    for (const [share, told] of [
      [0.5, clickToSound?.p50Ms],
      [0.95, clickToSound?.p95Ms],
    ] as const) {
      expect(told).toBeGreaterThan(near(share, -1) / error - 1);
      expect(told).toBeLessThan(near(share, 1) * error + 1);
    }
    expect(startFailures).toBe(0);
    expect(bytes).toBe(played.reduce((sum, { measurement }) => sum + measurement.bytes, 0));
    // The first had it fetched for all.
    expect(played.at(-1)?.measurement).toMatchObject({ edgeMisses: 0 });
    expect(edgeHitRatio).toBeGreaterThan(0.5);
  });
});

/** Listeners of their own: of one account, one start counts in a minute. */
async function signUp(service: WholeService, accounts: number): Promise<string[]> {
  const mutation = `mutation ($input: ViewerSignUpInput!) {
    viewerSignUp(input: $input) { tokens { accessToken } userErrors { message } }
  }`;
  const tokens: string[] = [];
  for (let index = 0; tokens.length < accounts; index += 1) {
    const input = {
      email: `listener-${index}@example.com`,
      password: `a password of listener ${index}`,
      displayName: `Listener ${index}`,
      country: 'DE',
    };
    // RFC 5737: for documentation; so many from one address are throttled.
    const { data } = await service.ask(mutation, { input }, { from: `192.0.2.${index + 1}` });
    // A service that has just been started on a busy machine may take too long for one: the next is another account.
    if (!data.viewerSignUp && index < 3 * accounts) continue;
    if (!data.viewerSignUp?.tokens) throw new Error(JSON.stringify(data));
    tokens.push(data.viewerSignUp.tokens.accessToken);
  }
  return tokens;
}
