import { createLogger, type HttpService } from '@medley/service';
import { createUrlSigner, parseSigningKeys } from '@medley/signed-url';
import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEdge, type EdgeTraffic } from '../../src/app.ts';
import {
  fileSize,
  originSecret,
  type StandInOrigin,
  startStandInOrigin,
} from '../contract/stand-in-origin.ts';

const keys = parseSigningKeys(`k:${Buffer.alloc(32, 1).toString('base64url')}`);
const slice = 524_288;

type Told = {
  answered: Parameters<EdgeTraffic['answered']>[0][];
  fetched: Parameters<EdgeTraffic['fetched']>[0][];
};

describe('the embedded edge tells its traffic', () => {
  const told: Told = { answered: [], fetched: [] };
  let origin: StandInOrigin;
  let service: HttpService;

  beforeAll(async () => {
    origin = await startStandInOrigin();
    service = await createEdge({
      keys,
      originUrl: origin.url,
      originSecret,
      traffic: {
        answered: (answer) => void told.answered.push(answer),
        fetched: (fetch) => void told.fetched.push(fetch),
      },
      logger: createLogger('edge', 'silent'),
      originTimeoutMs: 5_000,
      lingerMs: 100,
    }).start({ host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await service?.stop();
    await origin?.stop();
  });
  beforeEach(() => {
    told.answered = [];
    told.fetched = [];
    origin.reset();
  });

  const pathOf = (last: string) => `/audio/v1/track_${'0'.repeat(25)}${last}/normal.ogg`;
  const sign = (last: string) =>
    createUrlSigner({ keys, baseUrl: service.url }).sign({
      trackId: `track_${'0'.repeat(25)}${last}`,
      quality: 'NORMAL',
      extension: 'ogg',
      userId: 'user_1',
      expiresAt: new Date(Date.now() + 600_000),
    });
  const ask = async (url: string, range?: string, method: 'GET' | 'HEAD' = 'GET') => {
    const { body } = await request(url, { method, headers: range ? { range: `bytes=${range}` } : {} });
    await body.arrayBuffer();
  };
  const answered = async (count: number) => {
    await expect.poll(() => told.answered.length).toBe(count);
    return told.answered;
  };

  it('by slices fetched and bytes sent: few bytes of a slice cost the origin all of it, once', async () => {
    const url = sign('1');
    await ask(url, '0-99');
    await ask(url, '100-299');
    expect(await answered(2)).toMatchObject([
      {
        kind: 'audio',
        status: 206,
        path: pathOf('1'),
        range: 'bytes=0-99',
        bytesSent: 100,
        originBytes: slice,
      },
      { kind: 'audio', status: 206, bytesSent: 200, originBytes: 0 },
    ]);
    expect(told.fetched).toEqual([{ path: pathOf('1'), bytes: slice, failed: false }]);
  });

  it('of a whole file each of its slices', async () => {
    await ask(sign('2'));
    expect(await answered(1)).toMatchObject([{ status: 200, bytesSent: fileSize, originBytes: fileSize }]);
    expect(told.fetched.map(({ bytes }) => bytes)).toEqual([slice, slice, fileSize - 2 * slice]);
  });

  it('of a HEAD no bytes', async () => {
    await ask(sign('2'), undefined, 'HEAD');
    expect(await answered(1)).toMatchObject([{ status: 200, bytesSent: 0 }]);
  });

  it('of what it refuses the body that says so, and never a token', async () => {
    const url = sign('2');
    await ask(`${url}x`);
    await ask(url.replace('?t=', ';t='));
    const [forged, misplaced] = await answered(2);
    expect(forged).toMatchObject({ status: 403, path: pathOf('2'), originBytes: 0 });
    expect(forged?.bytesSent).toBeGreaterThan(10);
    expect(misplaced).toMatchObject({ status: 404, path: '/audio/' });
    expect(JSON.stringify(told)).not.toContain('v1.k.');
  });

  it('of an origin that fails', async () => {
    origin.mode = 'fail';
    await ask(sign('3'));
    expect(await answered(1)).toMatchObject([{ status: 502, originBytes: 0 }]);
    expect(told.fetched).toEqual([{ path: pathOf('3'), bytes: 0, failed: true }]);
  });

  it('of a listener who leaves', async () => {
    origin.mode = 'gate';
    const leaving = new AbortController();
    const left = request(sign('4'), { signal: leaving.signal }).catch(() => 'left');
    await expect.poll(() => origin.asked.length).toBe(1);
    leaving.abort();
    await left;
    expect(await answered(1)).toMatchObject([{ status: 499, bytesSent: 0, originBytes: 0 }]);
    origin.openGate();
    // The slice comes all the same, for the next one.
    await expect.poll(() => told.fetched.length).toBe(1);
  });
});
