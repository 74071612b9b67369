import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pieceFor, pieces } from '@medley/sample-audio';
import { createLogger, type HttpService } from '@medley/service';
import { audioPath, imagePath } from '@medley/signed-url';
import sharp from 'sharp';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrigin, type Origin, type RenderProgress } from '../../src/app.ts';

const secret = 'the secret of this test';
const logger = createLogger('origin', 'silent');

describe('the origin', () => {
  let dataDir: string;
  let origin: Origin;
  let service: HttpService;
  const progress: RenderProgress[] = [];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'medley-origin-'));
    origin = await createOrigin({ dataDir, secret, logger, onProgress: (step) => progress.push(step) });
    service = await origin.start({ host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await service?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await request(service.url + path, { headers: { 'x-origin-secret': secret, ...headers } });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      bytes: Buffer.from(await answer.body.arrayBuffer()),
    };
  };
  const trackOf = (number: number): string => {
    for (let index = 0; ; index += 1) {
      const id = `track_${String(index).padStart(26, '0')}`;
      if (pieceFor(id).number === number) return id;
    }
  };

  it('shows nothing to whoever does not know its secret', async () => {
    const path = imagePath({ id: `album_${'0'.repeat(26)}`, size: 'SMALL' });
    expect((await ask(path, { 'x-origin-secret': 'guess' })).status).toBe(403);
    expect((await ask(path, { 'x-origin-secret': '' })).status).toBe(403);
    expect((await ask(path)).status).toBe(200);
  });

  it('renders a piece once however many ask for it, and answers others meanwhile', async () => {
    const [piece] = pieces;
    const path = audioPath({ trackId: trackOf(1), quality: 'NORMAL', extension: 'ogg' });
    let slowest = 0;
    let rendering = true;
    const watch = (async () => {
      while (rendering) {
        const startedAt = performance.now();
        await request(`${service.url}/healthz`).then(({ body }) => body.dump());
        slowest = Math.max(slowest, performance.now() - startedAt);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => ask(path, { range: 'bytes=0-524287' })),
    );
    rendering = false;
    await watch;

    expect(answers.map(({ status }) => status)).toEqual([206, 206, 206, 206, 206]);
    // The manifest tells clients this size before anything is rendered.
    expect(answers[0]?.headers['content-range']).toBe(`bytes 0-524287/${piece?.encodings.NORMAL.sizeBytes}`);
    expect(answers[0]?.bytes.subarray(0, 4).toString()).toBe('OggS');
    expect(await readdir(join(dataDir, 'audio'))).toEqual(['01-normal.v1.ogg']);
    expect(progress.filter(({ done }) => done === 1).length).toBe(1);
    expect(slowest).toBeLessThan(2_000);
  }, 180_000);

  it('keeps what it rendered, and renders anew what an older synthesiser left', async () => {
    const kept = await readFile(join(dataDir, 'audio/01-normal.v1.ogg'));
    await writeFile(join(dataDir, 'audio/02-normal.v0.ogg'), 'old');
    progress.length = 0;
    const again = await createOrigin({ dataDir, secret, logger, onProgress: (step) => progress.push(step) });
    await again.prepare(1);
    expect(progress).toEqual([]);
    expect(await readdir(join(dataDir, 'audio'))).toEqual(['01-normal.v1.ogg']);
    expect(kept.length).toBe(pieces[0]?.encodings.NORMAL.sizeBytes);
  });

  it('knows no encoding that it does not make', async () => {
    expect((await ask(`/audio/v1/${trackOf(1)}/normal.m4a`)).status).toBe(404);
    expect((await ask(`/audio/v1/${trackOf(1)}/normal.flac`)).status).toBe(404);
    expect((await ask('/audio/v1/../../etc/passwd')).status).toBe(404);
  });

  it('draws covers from ids: the same one every time, another for another id, in the size asked for', async () => {
    const [one, other] = [`album_${'1'.repeat(26)}`, `album_${'2'.repeat(26)}`];
    const hash = async (id: string) =>
      createHash('sha256')
        .update((await ask(imagePath({ id, size: 'SMALL' }))).bytes)
        .digest('hex');
    expect(await hash(one)).toBe(await hash(one));
    expect(await hash(one)).not.toBe(await hash(other));
    for (const [size, edge] of [
      ['SMALL', 64],
      ['MEDIUM', 300],
      ['LARGE', 640],
    ] as const) {
      const { bytes, headers } = await ask(imagePath({ id: one, size }));
      expect(headers['content-type']).toBe('image/jpeg');
      expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: edge, height: edge });
    }
  });
});
