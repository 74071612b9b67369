import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { serveEventLog } from '@medley/event-log/served';
import { edgeAccess } from '@medley/events';
import { createUrlSigner, parseSigningKeys } from '@medley/signed-url';
import { silentLogger } from '@medley/testing';
import { openTestEventLog } from '@medley/testing/event-log';
import { request } from 'undici';
import { expect, it } from 'vitest';
import { originSecret, startStandInOrigin } from './contract/stand-in-origin.ts';

const signingKeys = `k:${Buffer.alloc(32, 9).toString('base64url')}`;
const main = new URL('../src/main.ts', import.meta.url).pathname;

const start = (env: Record<string, string>) =>
  spawn(process.execPath, ['--import', 'tsx', main], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const readUrl = (edge: ReturnType<typeof start>) =>
  new Promise<string>((resolve, reject) => {
    edge.stdout.on('data', (data) => {
      const [, url] = /"url":"([^"]+)"/.exec(String(data)) ?? [];
      if (url) resolve(url);
    });
    edge.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });

it('runs by its environment, and on SIGTERM fails readiness, drains and stops', async () => {
  const origin = await startStandInOrigin();
  const edge = start({
    PORT: '0',
    URL_SIGNING_KEYS: signingKeys,
    ORIGIN_URL: origin.url,
    ORIGIN_SECRET: originSecret,
    DRAIN_MS: '3000',
  });
  try {
    const baseUrl = await readUrl(edge);
    const status = async (path: string) => {
      const { statusCode, body } = await request(baseUrl + path);
      await body.dump();
      return statusCode;
    };
    expect(await status('/readyz')).toBe(200);
    const url = createUrlSigner({ keys: parseSigningKeys(signingKeys), baseUrl }).sign({
      trackId: `track_${'0'.repeat(26)}`,
      quality: 'NORMAL',
      extension: 'ogg',
      userId: 'user_1',
      expiresAt: new Date(Date.now() + 60_000),
    });
    edge.kill('SIGTERM');
    const stopped = new Promise((resolve) => edge.once('exit', resolve));
    await expect.poll(() => status('/readyz'), { interval: 20 }).toBe(503);
    // Not ready, and still answering: balancers need a moment to look elsewhere.
    expect(await status(url.slice(baseUrl.length))).toBe(200);
    expect(await stopped).toBe(0);
  } finally {
    edge.kill('SIGKILL');
    await origin.stop();
  }
});

it('tells the event log what it sent, where there is one, also the last of it', async () => {
  const events = await openTestEventLog();
  await events.log.admin.ensureTopics([edgeAccess]);
  const token = 'a token of this test';
  const served = await serveEventLog(events.log, { host: '127.0.0.1', port: 0, token, logger: silentLogger });
  const log = new URL(served.url);
  log.password = token;
  const edge = start({
    PORT: '0',
    URL_SIGNING_KEYS: signingKeys,
    ORIGIN_URL: 'http://127.0.0.1:1',
    ORIGIN_SECRET: originSecret,
    EVENT_LOG_URL: log.href,
    EDGE_NODE: 'edge-7',
    DRAIN_MS: '0',
  });
  try {
    const baseUrl = await readUrl(edge);
    await (await request(`${baseUrl}/audio/v1/x`)).body.dump();
    edge.kill('SIGTERM');
    expect(await once(edge, 'exit')).toEqual([0, null]);
    const told = await events.read(edgeAccess.name);
    expect(new Set(told.map(({ key }) => key))).toEqual(new Set(['edge-7']));
    // Ten seconds may have ended before the request came, and were told too.
    const answers = told.flatMap(({ event }) => (event?.data as { answers?: object[] })?.answers ?? []);
    expect(answers).toEqual([expect.objectContaining({ status: 404, requests: 1 })]);
  } finally {
    edge.kill('SIGKILL');
    await served.stop();
    await events.close();
  }
});

it('says which variables are missing or wrong, and never shows a secret', async () => {
  const edge = start({ URL_SIGNING_KEYS: 'k:secretsecret', ORIGIN_URL: 'http://127.0.0.1:1' });
  let said = '';
  edge.stderr.on('data', (data) => {
    said += data;
  });
  expect(await new Promise((resolve) => edge.once('exit', resolve))).not.toBe(0);
  expect(said).toContain('ORIGIN_SECRET: is required, but not set');
  expect(said).toContain('URL_SIGNING_KEYS: Signing key 1 of 1 ("k") must have at least 32 bytes');
  expect(said).not.toContain('secretsecret');
});
