import { connect } from 'node:net';
import { createLogger, createMetrics, type HttpService } from '@medley/service';
import { createUrlSigner, parseSigningKeys } from '@medley/signed-url';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEdge } from '../src/app.ts';
import { originSecret, type StandInOrigin, startStandInOrigin } from './contract/stand-in-origin.ts';

/** Far more than the kernel's buffers of a connection hold. */
const fileSize = 40_000_000;

const keys = parseSigningKeys(`k:${Buffer.alloc(32, 1).toString('base64url')}`);

describe('the embedded edge under strain', () => {
  let origin: StandInOrigin;
  let service: HttpService;
  const lines: string[] = [];
  const metrics = createMetrics();

  beforeAll(async () => {
    origin = await startStandInOrigin(Buffer.alloc(fileSize));
    const logger = createLogger('edge', 'info', { write: (line: string) => void lines.push(line) });
    service = await createEdge({
      keys,
      originUrl: origin.url,
      originSecret,
      // Two slices of audio: less than one file.
      cacheBytes: 1_200_000,
      logger,
      metrics,
      lingerMs: 200,
    }).start({ host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await service?.stop();
    await origin?.stop();
  });

  const sign = (last: string) =>
    createUrlSigner({ keys, baseUrl: service.url }).sign({
      trackId: `track_${'0'.repeat(25)}${last}`,
      quality: 'NORMAL',
      extension: 'ogg',
      userId: 'user_1',
      expiresAt: new Date(Date.now() + 600_000),
    });
  /** 0 where nothing has been counted yet. */
  const readMetric = async (name: string, label = '') => {
    const line = (await metrics.registry.metrics()).split('\n').find((text) => text.startsWith(name + label));
    return Number(line?.split(' ')[1] ?? 0);
  };
  const givenBytes = async () =>
    (await readMetric('edge_cache_bytes_total', '{result="hit"}')) +
    (await readMetric('edge_cache_bytes_total', '{result="miss"}'));
  /** Until a number is no longer zero and stays the same for five looks in a row. */
  const settled = async (read: () => Promise<number>) => {
    let seen = 0;
    let looks = 0;
    const hasSettled = async () => {
      const value = await read();
      looks = value > 0 && value === seen ? looks + 1 : 0;
      seen = value;
      return looks >= 5;
    };
    await expect.poll(hasSettled, { timeout: 20_000, interval: 50 }).toBe(true);
  };

  it('reads no further ahead of a listener who does not read than one slice', async () => {
    const { hostname, port } = new URL(service.url);
    const path = sign('1').slice(service.url.length);
    const sockets = Array.from({ length: 10 }, () => {
      const socket = connect(Number(port), hostname);
      socket.pause();
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
      return socket;
    });
    await expect.poll(() => readMetric('edge_open_responses'), { timeout: 20_000 }).toBe(10);
    await settled(givenBytes);
    expect(await readMetric('edge_cache_size_bytes')).toBeLessThan(1_200_000);
    // What each was given is what the kernel's buffers swallowed and one slice more, never the file.
    expect((await givenBytes()) / sockets.length).toBeLessThan(fileSize / 2);
    // And it goes on answering others.
    expect((await request(sign('2'), { headers: { range: 'bytes=0-9' } })).statusCode).toBe(206);
    for (const socket of sockets) socket.destroy();
  });

  it('serves whole files with a cache smaller than one', async () => {
    const { statusCode, body } = await request(sign('3'));
    expect(statusCode).toBe(200);
    expect((await body.arrayBuffer()).byteLength).toBe(fileSize);
    expect(await readMetric('edge_cache_size_bytes')).toBeLessThan(1_200_000);
  });

  it('logs a line a request, without the token', async () => {
    lines.length = 0;
    const url = sign('4');
    await (await request(url, { headers: { range: 'bytes=0-9' } })).body.dump();
    await expect.poll(() => lines.length).toBe(1);
    const line = JSON.parse(lines[0] ?? '{}');
    expect(line).toMatchObject({ method: 'GET', status: 206, bytes: 10, complete: true, cache: 'MISS' });
    expect(line.uid).toMatch(/^[\w-]{22}$/);
    const [, token = ''] = url.split('?t=');
    expect(lines.join('')).not.toContain(token.split('.').at(-1));
  });

  it('counts and logs 499 for a listener who left before there was a status', async () => {
    lines.length = 0;
    origin.mode = 'gate';
    const asked = origin.asked.length;
    const leaving = new AbortController();
    const left = request(sign('5'), { signal: leaving.signal }).catch(() => 'left');
    await expect.poll(() => origin.asked.length).toBe(asked + 1);
    leaving.abort();
    expect(await left).toBe('left');
    await expect.poll(() => readMetric('edge_requests_total', '{kind="audio",status="499"}')).toBe(1);
    expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({ status: 499, complete: false });
    origin.openGate();
  });
});
