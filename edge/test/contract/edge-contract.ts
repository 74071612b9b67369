import { randomBytes } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { connect } from 'node:net';
import { audioFormats, createUrlSigner, imagePath, parseSigningKeys } from '@medley/signed-url';
import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  etag,
  fileBytes,
  fileSize,
  lastModified,
  originSecret,
  type StandInOrigin,
  startStandInOrigin,
} from './stand-in-origin.ts';

export interface EdgeUnderTest {
  readonly baseUrl: string;
  stop(): Promise<void>;
}

export interface EdgeSettings {
  /** As in URL_SIGNING_KEYS. */
  readonly signingKeys: string;
  readonly originUrl: string;
  readonly originSecret: string;
  readonly allowedOrigins: readonly string[];
  readonly originTimeoutMs: number;
}

/** Starts an edge, whatever it is made of, with an empty cache. */
export type StartEdge = (settings: EdgeSettings) => Promise<EdgeUnderTest>;

const secret = (fill: number) => Buffer.alloc(32, fill).toString('base64url');
const oldKey = `old:${secret(1)}`;
const newKey = `new:${secret(2)}`;
const page = 'https://player.example.com';
const slice = 512 * 1024;
const crockford = '0123456789abcdefghjkmnpqrstvwxy';

/** A track that no test has asked for yet, and so is in no cache. */
const freshTrack = () => `track_0${Array.from(randomBytes(25), (byte) => crockford[byte % 31]).join('')}`;

/** What every edge does, held against a base URL only: the embedded one, nginx, any CDN with the same token. */
export function edgeContract(name: string, startEdge: StartEdge): void {
  describe(`${name} keeps the contract of the edge`, () => {
    let origin: StandInOrigin;
    let edge: EdgeUnderTest;
    const settings = () => ({
      signingKeys: `${newKey},${oldKey}`,
      originUrl: origin.url,
      originSecret,
      allowedOrigins: [page],
      originTimeoutMs: 1_000,
    });

    beforeAll(async () => {
      origin = await startStandInOrigin();
      edge = await startEdge(settings());
    });
    afterAll(async () => {
      await edge?.stop();
      await origin?.stop();
    });
    beforeEach(() => origin.reset());

    const sign = ({ trackId = freshTrack(), keys = newKey, seconds = 600, extension = 'ogg' } = {}) =>
      createUrlSigner({ keys: parseSigningKeys(keys), baseUrl: edge.baseUrl }).sign({
        trackId,
        quality: 'NORMAL',
        extension,
        userId: 'user_1',
        expiresAt: new Date(Date.now() + seconds * 1000),
      });
    const ask = async (url: string, headers: Record<string, string> = {}, method = 'GET') => {
      const answer = await request(url, { method: method as 'GET', headers });
      return {
        status: answer.statusCode,
        headers: answer.headers,
        bytes: Buffer.from(await answer.body.arrayBuffer()),
      };
    };
    const range = (url: string, bytes: string, more: Record<string, string> = {}) =>
      ask(url, { range: `bytes=${bytes}`, ...more });

    /** The status of an answer to a path as it is, which no client would send. */
    const askRaw = (path: string) => {
      const { hostname, port } = new URL(edge.baseUrl);
      return new Promise<number>((resolve, reject) => {
        const socket = connect(Number(port), hostname, () =>
          socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
        );
        socket.once('data', (data) => resolve(Number(String(data).split(' ')[1])));
        socket.once('error', reject);
      });
    };
    /** What came of the bytes, and whether that was all. */
    const receive = async (url: string) => {
      const { statusCode, body } = await request(url);
      const chunks: Buffer[] = [];
      const reading = async () => {
        for await (const chunk of body) chunks.push(chunk);
      };
      const complete = await reading().then(
        () => true,
        () => false,
      );
      return { status: statusCode, bytes: Buffer.concat(chunks), complete };
    };

    describe('ranges', () => {
      it('answers without one with the whole file and says that it takes ranges', async () => {
        const { status, headers, bytes } = await ask(sign());
        expect(status).toBe(200);
        expect(headers).toMatchObject({
          'accept-ranges': 'bytes',
          'content-length': String(fileSize),
          'content-type': audioFormats.NORMAL.mimeType,
          etag,
          'last-modified': lastModified,
          'x-content-type-options': 'nosniff',
        });
        expect(bytes.equals(fileBytes)).toBe(true);
      });

      it.each([
        ['the first slice', `0-${slice - 1}`, 0, slice - 1],
        ['one byte', '7-7', 7, 7],
        ['across slices', `${slice - 10}-${2 * slice + 10}`, slice - 10, 2 * slice + 10],
        ['an open end', '1200000-', 1_200_000, fileSize - 1],
        ['a suffix', '-500', fileSize - 500, fileSize - 1],
        ['a suffix longer than the file', '-99999999', 0, fileSize - 1],
        ['an end beyond the file', '1299990-99999999', 1_299_990, fileSize - 1],
        ['an end of 16 digits', '1299990-9999999999999999', 1_299_990, fileSize - 1],
      ])('answers %s with 206 and exactly those bytes', async (_, asked, first, last) => {
        const { status, headers, bytes } = await range(sign(), asked);
        expect(status).toBe(206);
        expect(headers['content-range']).toBe(`bytes ${first}-${last}/${fileSize}`);
        expect(headers['content-length']).toBe(String(last - first + 1));
        expect(bytes.equals(fileBytes.subarray(first, last + 1))).toBe(true);
      });

      it.each([`${fileSize}-`, '99999999-', '-0', 'x-y', '5-2'])(
        'refuses %s with 416 and the size',
        async (asked) => {
          const { status, headers } = await range(sign(), asked);
          expect(status).toBe(416);
          expect(headers['content-range']).toBe(`bytes */${fileSize}`);
        },
      );

      it('answers several ranges, and units it does not know, with the whole file', async () => {
        const url = sign();
        expect((await range(url, '0-1,5-6')).status).toBe(200);
        expect((await ask(url, { range: 'seconds=1-2' })).status).toBe(200);
      });

      it('answers HEAD with the headers alone', async () => {
        const { status, headers, bytes } = await ask(sign(), {}, 'HEAD');
        expect(status).toBe(200);
        expect(headers).toMatchObject({ 'content-length': String(fileSize), etag, 'accept-ranges': 'bytes' });
        expect(bytes.length).toBe(0);
      });
    });

    describe('conditions', () => {
      it.each([
        ['If-None-Match', { 'if-none-match': etag }, 304],
        ['a weak If-None-Match', { 'if-none-match': `"x", W/${etag}` }, 304],
        ['another If-None-Match', { 'if-none-match': '"x"' }, 200],
        ['If-Modified-Since', { 'if-modified-since': lastModified }, 304],
        ['If-Match', { 'if-match': etag }, 200],
        ['another If-Match', { 'if-match': '"x"' }, 412],
        ['an early If-Unmodified-Since', { 'if-unmodified-since': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 412],
      ])('answers %s with the right status', async (_, headers, status) => {
        const answer = await ask(sign(), headers as Record<string, string>);
        expect(answer.status).toBe(status);
        if (status === 304) expect(answer.headers.etag).toBe(etag);
      });

      it('gives the range only while If-Range names this very file', async () => {
        const url = sign();
        expect((await range(url, '0-9', { 'if-range': etag })).status).toBe(206);
        expect((await range(url, '0-9', { 'if-range': lastModified })).status).toBe(206);
        expect((await range(url, '0-9', { 'if-range': '"other"' })).status).toBe(200);
      });
    });

    describe('tokens', () => {
      it('plays on with the old key while the new one signs, and refuses a key it does not know', async () => {
        expect((await range(sign({ keys: oldKey }), '0-9')).status).toBe(206);
        expect((await range(sign({ keys: newKey }), '0-9')).status).toBe(206);
        expect((await range(sign({ keys: `third:${secret(3)}` }), '0-9')).status).toBe(403);
        expect((await range(sign({ keys: `new:${secret(3)}` }), '0-9')).status).toBe(403);
      });

      it('answers an expired one with 410, also where the bytes are in the cache', async () => {
        const trackId = freshTrack();
        await range(sign({ trackId }), '0-9');
        expect((await range(sign({ trackId, seconds: -1 }), '0-9')).status).toBe(410);
      });

      it('refuses one that lives longer than two hours, one for another path, none at all', async () => {
        const url = sign();
        expect((await range(sign({ seconds: 7_300 }), '0-9')).status).toBe(403);
        expect((await range(url.replace('/normal.', '/high.'), '0-9')).status).toBe(403);
        expect((await range(url.replace(/\?.*/, ''), '0-9')).status).toBe(403);
        expect((await range(url.replace('?t=v1', '?t=v2'), '0-9')).status).toBe(403);
      });

      it('refuses every flipped bit of the signature, and asks the origin for none of them', async () => {
        const url = sign();
        const at = url.length - 5;
        for (let bit = 0; bit < 6; bit += 1) {
          const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
          const flipped = digits[digits.indexOf(url[at] as string) ^ (1 << bit)];
          expect((await ask(url.slice(0, at) + flipped + url.slice(at + 1))).status).toBe(403);
        }
        expect(origin.asked).toEqual([]);
      });

      it('keeps error answers out of every cache, and audio out of shared ones', async () => {
        expect((await ask(`${sign()}x`)).headers['cache-control']).toBe('no-store');
        const good = await range(sign({ seconds: 600 }), '0-9');
        expect(good.headers['cache-control']).toMatch(/^private, max-age=(59\d|600), immutable$/);
      });
    });

    describe('paths and methods', () => {
      it('knows no other paths, and no file that the origin does not know', async () => {
        for (const path of [
          '/',
          '/audio/v1/',
          '/audio/v2/x/normal.ogg',
          '/images/v1/x/small.jpg',
          `/images/v1/album_${'z'.repeat(26)}/small.jpg`,
          `/images/v1/session_${'0'.repeat(26)}/small.jpg`,
          '/etc/passwd',
        ]) {
          expect((await ask(edge.baseUrl + path)).status, path).toBe(404);
        }
        const unknown = `${freshTrack().slice(0, -1)}z`;
        expect((await ask(sign({ trackId: unknown }))).status).toBe(404);
      });

      it('leaves the path before it is answered nothing to climb with', async () => {
        for (const path of [
          '/audio/v1/../../etc/passwd',
          '/audio/v1/%2e%2e/%2e%2e/etc/passwd',
          '/audio/v1/..%2f..%2fx',
        ])
          expect([400, 403, 404], path).toContain(await askRaw(path));
        expect(origin.asked).toEqual([]);
      });

      it('takes a signed path in one spelling only', async () => {
        const { pathname: path, search: token } = new URL(sign());
        const others = [
          `/${path}${token}`,
          `/audio/../audio${path.slice(6)}${token}`,
          `/audio/.${path.slice(6)}${token}`,
          `/audio/${path.slice(6)}${token}`,
          `${path.replace('track', '%74rack')}${token}`,
          `${path.replace('/normal', '%2fnormal')}${token}`,
          `${path.replace('/normal', '\\normal')}${token}`,
          `${path.replace('normal', 'NORMAL')}${token}`,
          `${path}/${token}`,
          `${path}%00${token}`,
          `${path}.${token}`,
          `${path};x=1${token}`,
          `${path};${token.slice(1)}`,
          `${path}#${token}`,
          `${path}?x=1&${token.slice(1)}`,
          `${path}${token}&x=1`,
          `${path}${token}&${token.slice(1)}`,
          `${path}${token}#x`,
          `${path}${token.replaceAll('.', '%2e')}`,
          `${path}${token.replace('?t', '?T')}`,
          `${path}?${token}`,
          `http://elsewhere.example/${path}${token}`,
        ];
        for (const other of others) expect([400, 403, 404], other).toContain(await askRaw(other));
        expect(origin.asked).toEqual([]);
      });

      it.each(['POST', 'PUT', 'DELETE', 'PATCH'])(
        'answers %s with 405 and what is allowed',
        async (method) => {
          const { status, headers } = await ask(sign(), {}, method);
          expect(status).toBe(405);
          expect(headers.allow).toBe('GET, HEAD, OPTIONS');
        },
      );

      it('serves images without a token, for good and to everybody', async () => {
        const path = imagePath({ id: freshTrack().replace('track', 'album'), size: 'SMALL' });
        const { status, headers } = await ask(edge.baseUrl + path);
        expect(status).toBe(200);
        expect(headers['content-type']).toBe('image/jpeg');
        expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      });
    });

    describe('pages of other origins', () => {
      it('lets listed ones read the headers of ranges and the timing', async () => {
        const { headers } = await range(sign(), '0-9', { origin: page });
        expect(headers['access-control-allow-origin']).toBe(page);
        expect(headers['timing-allow-origin']).toBe(page);
        expect(headers['access-control-expose-headers']).toMatch(/Content-Range.*Accept-Ranges/);
        expect(headers.vary).toMatch(/Origin/);
      });

      it('tells others nothing, also on errors', async () => {
        for (const url of [sign(), `${sign()}x`]) {
          const { headers } = await range(url, '0-9', { origin: 'https://elsewhere.example' });
          expect(headers['access-control-allow-origin']).toBeUndefined();
          expect(headers.vary).toMatch(/Origin/);
        }
      });

      it('answers a preflight', async () => {
        const asked = {
          origin: page,
          'access-control-request-method': 'GET',
          'access-control-request-headers': 'range',
        };
        const { status, headers } = await ask(sign(), asked, 'OPTIONS');
        expect(status).toBe(204);
        expect(headers['access-control-allow-origin']).toBe(page);
        expect(headers['access-control-allow-methods']).toMatch(/GET/);
        expect(headers['access-control-allow-headers']).toMatch(/Range/);
      });
    });

    describe('the cache', () => {
      it('asks the origin for whole slices of 512 KB, once, whoever listens', async () => {
        const trackId = freshTrack();
        const first = await range(sign({ trackId }), '100-200');
        const second = await range(sign({ trackId, keys: oldKey }), '300-400');
        expect([first.headers['x-cache'], second.headers['x-cache']]).toEqual(['MISS', 'HIT']);
        // So that pages learn it of what their <audio> elements ask for.
        expect([first.headers['server-timing'], second.headers['server-timing']]).toEqual([
          'cdn-cache;desc=MISS',
          'cdn-cache;desc=HIT',
        ]);
        expect(origin.asked).toEqual([`/audio/v1/${trackId}/normal.ogg 0-${slice - 1}`]);
      });

      it('asks the origin for no more slices than are sent', async () => {
        const trackId = freshTrack();
        const asked = () => origin.asked.map((line) => line.split(' ')[1]);
        await ask(sign({ trackId }), {}, 'HEAD');
        expect(asked()).toEqual([`0-${slice - 1}`]);
        origin.reset();
        await ask(sign({ trackId: freshTrack() }), { 'if-none-match': etag });
        expect(asked()).toEqual([`0-${slice - 1}`]);
        origin.reset();
        await range(sign({ trackId }), `${2 * slice + 5}-${2 * slice + 9}`);
        expect(asked()).toEqual([`${2 * slice}-${3 * slice - 1}`]);
      });

      it('looks for nothing beyond the end of a file, however far', async () => {
        const another = sign();
        await range(another, '0-9');
        const image = edge.baseUrl + imagePath({ id: freshTrack().replace('track', 'album'), size: 'SMALL' });
        for (const url of [sign(), image]) {
          origin.reset();
          for (let n = 3; n < 103; n += 1) {
            const { status, headers } = await range(url, `${n * slice}-`);
            expect(status).toBe(416);
            expect(headers['content-range']).toBe(`bytes */${fileSize}`);
          }
          // Its first slice, which tells the size, and one before that is known.
          expect(origin.asked.length).toBeLessThanOrEqual(2);
        }
        expect((await range(another, '0-9')).headers['x-cache']).toBe('HIT');
      });

      it('asks once when two hundred listeners meet at a cold slice', async () => {
        origin.mode = 'gate';
        const url = sign();
        let sent = 0;
        const onSent = (message: unknown) => {
          // An edge in this process sends too, to its origin.
          if ((message as { request: { origin: string } }).request.origin === edge.baseUrl) sent += 1;
        };
        subscribe('undici:client:sendHeaders', onSent);
        const answers = Array.from({ length: 200 }, () => range(url, '0-99'));
        await expect.poll(() => sent).toBe(200);
        unsubscribe('undici:client:sendHeaders', onSent);
        // An answer to what was asked after them: by then the edge has read them all.
        await ask(url, {}, 'OPTIONS');
        await expect.poll(() => origin.asked.length).toBe(1);
        origin.openGate();
        const statuses = (await Promise.all(answers)).map(({ status, bytes }) => `${status} ${bytes.length}`);
        expect(new Set(statuses)).toEqual(new Set(['206 100']));
        expect(origin.asked.length).toBe(1);
      });

      it('goes on for the others when the listener who asked first hangs up', async () => {
        origin.mode = 'gate';
        const url = sign();
        const leaving = new AbortController();
        const left = request(url, { headers: { range: 'bytes=0-99' }, signal: leaving.signal }).catch(
          () => 'left',
        );
        await expect.poll(() => origin.asked.length).toBe(1);
        const staying = range(url, '0-99');
        leaving.abort();
        expect(await left).toBe('left');
        origin.openGate();
        expect((await staying).status).toBe(206);
        expect(origin.asked.length).toBe(1);
      });
    });

    describe('a failing origin', () => {
      const hidden = (answer: { headers: object; bytes: Buffer }) => {
        const shown = JSON.stringify(answer.headers) + answer.bytes;
        expect(shown).not.toContain(new URL(origin.url).host);
        expect(shown).not.toContain('origin.ts');
      };

      it.each([
        ['fail', 502],
        ['die', 502],
        ['break-off', 502],
        ['whole', 502],
        ['elsewhere', 502],
        ['hang', 504],
        ['drip', 504],
      ] as const)('that does %s is a %i that does not name it, and is forgotten', async (mode, status) => {
        const url = sign();
        origin.mode = mode;
        const answer = await range(url, '0-9');
        expect(answer.status).toBe(status);
        expect(answer.headers['cache-control']).toBe('no-store');
        hidden(answer);
        origin.mode = 'answer';
        // An edge may remember for a second that a slice could not be had.
        await expect.poll(async () => (await range(url, '0-9')).status, { timeout: 5_000 }).toBe(206);
      });

      it.each(['fail', 'die', 'break-off', 'whole', 'elsewhere', 'changed', 'hang', 'drip'] as const)(
        'that does %s in the midst of an answer breaks it off, and never puts other bytes in their place',
        async (mode) => {
          const url = sign();
          await range(url, '0-9');
          origin.mode = mode;
          const { status, bytes, complete } = await receive(url);
          expect({ status, complete }).toEqual({ status: 200, complete: false });
          expect(bytes.length).toBeLessThanOrEqual(slice);
          expect(bytes.equals(fileBytes.subarray(0, bytes.length))).toBe(true);
        },
      );

      it('that hangs is asked once for two hundred listeners, and fails them all', async () => {
        origin.mode = 'hang';
        const url = sign();
        const answers = await Promise.all(Array.from({ length: 200 }, () => range(url, '0-99')));
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([504]));
        expect(origin.asked.length).toBe(1);
      });

      it('is not missed while the bytes are in the cache, and is a 502 when it is gone', async () => {
        const mortal = await startStandInOrigin();
        const other = await startEdge({ ...settings(), originUrl: mortal.url });
        try {
          const url = sign().replace(edge.baseUrl, other.baseUrl);
          expect((await range(url, '0-9')).status).toBe(206);
          await mortal.stop();
          expect((await range(url, '0-9')).headers['x-cache']).toBe('HIT');
          const answer = await range(url, `${slice}-`);
          expect(answer.status).toBe(502);
          hidden(answer);
        } finally {
          await other.stop();
        }
      });
    });
  });
}
