import { createHash } from 'node:crypto';
import { createLogger } from '@medley/service';
import { createUrlSigner, parseSigningKeys } from '@medley/signed-url';
import { hasNginx, startTestNginx } from '@medley/testing/nginx';
import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEdge } from '../../src/app.ts';
import { etag, fileSize, lastModified, originSecret, startStandInOrigin } from './stand-in-origin.ts';

const signingKeys = `k:${Buffer.alloc(32, 1).toString('base64url')}`;
const questions = 1_500;

describe.skipIf(!hasNginx('comparing the edges'))('the embedded edge and nginx', () => {
  const closing: (() => Promise<unknown>)[] = [];
  let pools: readonly Pool[];

  beforeAll(async () => {
    const origin = await startStandInOrigin();
    closing.unshift(() => origin.stop());
    const settings = { originUrl: origin.url, originSecret, originTimeoutMs: 20_000 };
    const logger = createLogger('edge', 'silent');
    const edge = createEdge({ ...settings, keys: parseSigningKeys(signingKeys), logger, lingerMs: 100 });
    const embedded = await edge.start({ host: '127.0.0.1', port: 0 });
    closing.unshift(() => embedded.stop());
    const nginx = await startTestNginx({ ...settings, signingKeys });
    if (!nginx) throw new Error('There was an nginx a moment ago');
    closing.unshift(() => nginx.stop());
    pools = [embedded.url, nginx.url].map((url) => new Pool(url, { connections: 4 }));
    closing.unshift(() => Promise.all(pools.map((pool) => pool.close())));
  });
  afterAll(async () => {
    for (const close of closing) await close();
  });

  it(`answer ${questions} questions, right and almost right ones, alike`, { timeout: 180_000 }, async () => {
    const random = createRandom(20_261_123);
    const seen = new Set<number>();
    for (let count = 0; count < questions; count += 1) {
      const question = makeQuestion(random);
      const [embedded, nginx] = await Promise.all(pools.map((pool) => ask(pool, question)));
      // An encoding that is none: one says that, the other that there is no such path.
      if (nginx?.status === 400 || embedded?.status === 400)
        for (const answer of [embedded, nginx]) expect([400, 403, 404, 405]).toContain(answer?.status);
      else expect(nginx, JSON.stringify(question)).toEqual(embedded);
      seen.add(nginx?.status ?? 0);
    }
    // All of them occurred, or nothing was compared.
    expect([...seen].sort()).toEqual([200, 206, 304, 400, 403, 404, 405, 410, 412, 416]);
  });
});

interface Question {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function ask(pool: Pool, { method, path, headers }: Question) {
  const answer = await pool.request({ method: method as 'GET', path, headers });
  const body = Buffer.from(await answer.body.arrayBuffer());
  const carries = answer.statusCode === 200 || answer.statusCode === 206;
  return {
    status: answer.statusCode,
    contentRange: answer.headers['content-range'],
    contentLength: carries ? answer.headers['content-length'] : undefined,
    contentType: carries ? answer.headers['content-type'] : undefined,
    etag: answer.headers.etag,
    // A second may pass between the two.
    cacheControl: carries ? String(answer.headers['cache-control']).replace(/\d+/, 'n') : undefined,
    body: carries ? createHash('sha256').update(body).digest('hex') : undefined,
  };
}

type Random = (below: number) => number;

/** One that is right, with a few changes. */
function makeQuestion(random: Random): Question {
  const pick = <Value>(values: readonly Value[]): Value => values[random(values.length)] as Value;
  const url = createUrlSigner({ keys: parseSigningKeys(signingKeys), baseUrl: 'http://e' }).sign({
    trackId: `track_${'0'.repeat(25)}${random(3)}`,
    quality: pick(['LOW', 'NORMAL', 'LOSSLESS']),
    extension: pick(['ogg', 'flac']),
    userId: `user_${random(3)}`,
    expiresAt: new Date(Date.now() + pick([600, 600, 600, 7_000, 8_000, -5]) * 1_000),
  });
  const image = `/images/v1/album_${'0'.repeat(26)}/${pick(['small', 'medium', 'large', 'huge'])}.jpg`;
  const path = random(8) === 0 ? image : url.slice('http://e'.length);
  const headers: Record<string, string> = {};
  const method = pick(['GET', 'GET', 'GET', 'GET', 'GET', 'GET', 'GET', 'HEAD', 'POST', 'DELETE']);
  if (method === 'GET' && random(2) === 0) headers.range = makeRange(random);
  if (random(4) === 0) {
    const name = pick(['if-none-match', 'if-match', 'if-range', 'if-modified-since', 'if-unmodified-since']);
    headers[name] = pick(
      name.endsWith('since')
        ? [lastModified, 'Wed, 31 Dec 2025 00:00:00 GMT', 'Fri, 02 Jan 2026 00:00:00 GMT']
        : name === 'if-range'
          ? [etag, '"x"', lastModified]
          : [etag, '"x"', '*', `"x", ${etag}`],
    );
  }
  return { method, path: random(2) === 0 ? path : misspell(path, random), headers };
}

function makeRange(random: Random): string {
  const position = () => [0, 1, 524_287, 524_288, fileSize - 1, fileSize, random(fileSize)][random(7)];
  const forms = [
    () => `bytes=${position()}-${position()}`,
    () => `bytes=${position()}-`,
    () => `bytes=-${position()}`,
    // Of several of which one lies within the file nginx sends that one, as it may.
    () => 'bytes=0-1,5-6',
    () => ['bytes=-', 'bytes=a-b', 'items=0-1', 'bytes', 'bytes=0', 'bytes 0-1'][random(6)] ?? '',
  ];
  return forms[random(forms.length)]?.() ?? '';
}

function misspell(path: string, random: Random): string {
  const characters = 'aZ09-_./%?&=;:@!~+2e';
  const at = 1 + random(path.length - 1);
  const other = characters[random(characters.length)] ?? '';
  const edits = [
    () => path.slice(0, at) + path.slice(at + 1),
    () => path.slice(0, at) + other + path.slice(at),
    () => path.slice(0, at) + other + path.slice(at + 1),
    () => path.slice(0, at) + path.slice(at).toUpperCase(),
    () => path.slice(0, at),
    () => path + other,
  ];
  return edits[random(edits.length)]?.() ?? '';
}

/** mulberry32, so that each run asks the same but for the time. */
function createRandom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
