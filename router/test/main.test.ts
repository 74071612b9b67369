import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createMetrics } from '@medley/service';
import { startSubgraph } from '@medley/subgraph';
import { silentLogger } from '@medley/testing';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, expect, it } from 'vitest';
import type { LinkedSubgraph } from '../src/app.ts';
import { createStubs, ids } from './stub-subgraphs.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const identityKeys = `test:${Buffer.alloc(32, 1).toString('base64url')}`;

const stopAll: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const stop of stopAll.splice(0).reverse()) await stop();
});

function startMain(env: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', main], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  stopAll.push(() => child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  return { child, output: () => output };
}

async function startUpstreams() {
  const stubs = await createStubs();
  stopAll.push(() => stubs.stop());
  const start = async (name: LinkedSubgraph) => {
    const options = { host: '127.0.0.1', port: 0, logger: silentLogger, metrics: createMetrics() };
    const service = await startSubgraph(stubs.subgraphs[name], options);
    stopAll.push(() => service.stop());
    return `${service.url}/graphql`;
  };
  const keys = await generateKeyPair('ES256', { extractable: true });
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one' }] });
  const keyServer = createServer((_request, response) => response.end(jwks)).listen(0, '127.0.0.1');
  await once(keyServer, 'listening');
  stopAll.push(() => keyServer.close());
  return {
    env: {
      PORT: '0',
      DRAIN_MS: '100',
      SUBGRAPH_URL_ANALYTICS: await start('analytics'),
      SUBGRAPH_URL_CATALOG: await start('catalog'),
      SUBGRAPH_URL_PLAYLISTS: await start('playlists'),
      SUBGRAPH_URL_RECOMMENDATIONS: await start('recommendations'),
      SUBGRAPH_URL_SEARCH: await start('search'),
      SUBGRAPH_URL_STREAMING: await start('streaming'),
      SUBGRAPH_URL_USERS: await start('users'),
      IDENTITY_KEYS_ANALYTICS: identityKeys,
      IDENTITY_KEYS_CATALOG: identityKeys,
      IDENTITY_KEYS_PLAYLISTS: identityKeys,
      IDENTITY_KEYS_RECOMMENDATIONS: identityKeys,
      IDENTITY_KEYS_SEARCH: identityKeys,
      IDENTITY_KEYS_STREAMING: identityKeys,
      IDENTITY_KEYS_USERS: identityKeys,
      JWT_JWKS_URL: `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/`,
      JWT_ISSUER: 'medley',
      JWT_AUDIENCE: 'medley-api',
      EDGE_BASE_URL: 'http://127.0.0.1:1',
    },
    token: await new SignJWT({ sid: ids.session, scope: '' })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setIssuer('medley')
      .setAudience('medley-api')
      .setSubject(ids.user)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(keys.privateKey),
  };
}

const exitCode = async (child: ChildProcess): Promise<number | null> =>
  child.exitCode ?? ((await once(child, 'exit'))[0] as number | null);

it('serves subgraphs over HTTP as a process of its own, and stops in order on SIGTERM', {
  timeout: 120_000,
}, async () => {
  const { env, token } = await startUpstreams();
  const { child, output } = startMain(env);
  await expect.poll(output, { timeout: 80_000 }).toContain('"listening"');
  const url = /"url":"([^"]+)"/.exec(output())?.[1];
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      query: `{ me { email } track(id: "${ids.track}") { title playability { code } } }`,
    }),
  });
  expect(await response.json()).toEqual({
    data: {
      me: { email: 'me@medley.example' },
      track: { title: 'One', playability: { code: 'SIGN_IN_REQUIRED' } },
    },
  });
  child.kill('SIGTERM');
  expect(await exitCode(child)).toBe(0);
  expect(output()).not.toContain(token);
});

it('says which variables it lacks, and ends with 1', { timeout: 90_000 }, async () => {
  const { child, output } = startMain({ JWT_ISSUER: 'medley', IDENTITY_KEYS_USERS: 'short:c2VjcmV0' });
  expect(await exitCode(child)).toBe(1);
  expect(output()).toContain('SUBGRAPH_URL_CATALOG: is required, but not set');
  expect(output()).toContain('IDENTITY_KEYS_USERS: ');
  expect(output()).not.toContain('c2VjcmV0');
});
