import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { audioFormats, createUrlSigner, parseSigningKeys } from '@medley/signed-url';
import { hasNginx, startTestNginx, type TestNginx, type TestNginxSettings } from '@medley/testing/nginx';
import { request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { type AccessLine, parseAccessLine } from '../src/access-log/access-line.ts';
import {
  fileSize,
  originSecret,
  type StandInOrigin,
  startStandInOrigin,
} from './contract/stand-in-origin.ts';

const oldKey = `old:${Buffer.alloc(32, 1).toString('base64url')}`;
const newKey = `new:${Buffer.alloc(32, 2).toString('base64url')}`;
const slice = 512 * 1024;

describe.skipIf(!hasNginx('what only nginx does as the edge'))('nginx as the edge', () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  const startOrigin = async (bytes?: Buffer<ArrayBuffer>): Promise<StandInOrigin> => {
    const origin = await startStandInOrigin(bytes);
    stops.push(origin.stop);
    return origin;
  };
  const startNginx = async (settings: Partial<TestNginxSettings> & { originUrl: string }) => {
    const nginx = await startTestNginx({
      originSecret,
      signingKeys: newKey,
      ...settings,
    });
    if (!nginx) throw new Error('There was an nginx a moment ago');
    stops.push(nginx.stop);
    return nginx;
  };
  const sign = (nginx: TestNginx, { keys = newKey, track = '1', seconds = 600 } = {}) =>
    createUrlSigner({ keys: parseSigningKeys(keys), baseUrl: nginx.url }).sign({
      trackId: `track_${track.padStart(26, '0')}`,
      quality: 'NORMAL',
      extension: audioFormats.NORMAL.extension,
      userId: 'user_1',
      expiresAt: new Date(Date.now() + seconds * 1000),
    });
  const statusOf = async (url: string, headers: Record<string, string> = { range: 'bytes=0-9' }) => {
    const { statusCode, body } = await request(url, { headers, reset: true });
    await body.arrayBuffer();
    return statusCode;
  };
  /** How many slices lie on its disk. */
  const cachedBy = async (nginx: TestNginx) => {
    const entries = await readdir(join(nginx.accessLog, '../../cache'), {
      recursive: true,
      withFileTypes: true,
    });
    return entries.filter((entry) => entry.isFile()).length;
  };
  const workerOf = async (nginx: TestNginx) => {
    const read = () => /start worker process (\d+)/.exec(nginx.errors())?.[1];
    await expect.poll(read).toBeDefined();
    return Number(read());
  };
  const readLines = async (path: string): Promise<readonly AccessLine[]> => {
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    return lines.map((line) => {
      const read = parseAccessLine(line);
      if (!read) throw new Error(`not a line of an access log: ${line}`);
      return read;
    });
  };

  it('takes other keys by a reload, while listeners go on listening', async () => {
    const origin = await startOrigin(Buffer.alloc(40_000_000, 7));
    const edge = await startNginx({ originUrl: origin.url, signingKeys: oldKey });
    const { body } = await request(sign(edge, { keys: oldKey }));
    let bytes = 0;
    const reading = body[Symbol.asyncIterator]();
    bytes += (await reading.next()).value.length;

    await edge.reload({ signingKeys: `${oldKey},${newKey}` });
    expect(await statusOf(sign(edge, { keys: newKey }))).toBe(206);
    expect(await statusOf(sign(edge, { keys: oldKey }))).toBe(206);
    await edge.reload({ signingKeys: newKey });
    expect(await statusOf(sign(edge, { keys: newKey }))).toBe(206);
    expect(await statusOf(sign(edge, { keys: oldKey }))).toBe(403);

    for (let next = await reading.next(); !next.done; next = await reading.next()) bytes += next.value.length;
    expect(bytes).toBe(40_000_000);
  });

  it('accepts no key that is too short to be one', async () => {
    const origin = await startOrigin();
    const weak = `weak:${Buffer.alloc(16, 1).toString('base64url')}`;
    const edge = await startNginx({ originUrl: origin.url, signingKeys: weak });
    const url = sign(edge).replace('.new.', '.weak.');
    expect(await statusOf(url)).toBe(403);
    expect(await statusOf(url.replace('.weak.', '..'))).toBe(403);
  });

  it('has what it cached also after it was killed', async () => {
    const origin = await startOrigin();
    const edge = await startNginx({ originUrl: origin.url });
    await statusOf(sign(edge), {});
    expect(origin.asked.length).toBe(3);
    await edge.kill();
    await edge.start();
    const { headers, body } = await request(sign(edge));
    expect((await body.arrayBuffer()).byteLength).toBe(fileSize);
    expect(headers['x-cache']).toBe('HIT');
    expect(origin.asked.length).toBe(3);
  });

  it('has the others served when the process that fetches for them is killed', async () => {
    const origin = await startOrigin();
    const edge = await startNginx({ originUrl: origin.url, originTimeoutMs: 2_000, workers: 1 });
    origin.mode = 'gate';
    const lost = statusOf(sign(edge)).catch(() => 'lost');
    await expect.poll(() => origin.asked.length).toBe(1);
    process.kill(await workerOf(edge), 'SIGKILL');
    expect(await lost).toBe('lost');
    origin.openGate();
    expect(await statusOf(sign(edge))).toBe(206);
  });

  it('makes room in its cache when the disk is nearly full', async () => {
    const origin = await startOrigin();
    // More than any disk has, so every disk is nearly full.
    const edge = await startNginx({ originUrl: origin.url, freeBytes: 1e15 });
    expect(await statusOf(sign(edge))).toBe(206);
    const cached = () => cachedBy(edge);
    expect(await cached()).toBe(1);
    // nginx looks every ten seconds.
    await expect.poll(cached, { timeout: 40_000, interval: 500 }).toBe(0);
    expect(await statusOf(sign(edge))).toBe(206);
  });

  it('keeps nothing on its disk of what is beyond the end of a file, as edge and as shield', async () => {
    const origin = await startOrigin();
    const edge = await startNginx({ originUrl: origin.url });
    const shield = await startNginx({ role: 'shield', originUrl: origin.url });
    const headersOf = (range: string) => ({ range, 'x-origin-secret': originSecret });
    for (let n = 3; n < 23; n += 1) {
      const range = `bytes=${n * slice}-`;
      expect(await statusOf(sign(edge), { range })).toBe(416);
      expect(await statusOf(shield.url + new URL(sign(shield)).pathname, headersOf(range))).toBe(416);
    }
    expect(await cachedBy(edge)).toBe(1);
    expect(await cachedBy(shield)).toBe(0);
  });

  it('sends what lies within the file also where that was asked for first', async () => {
    const origin = await startOrigin();
    const edge = await startNginx({ originUrl: origin.url });
    const { statusCode, headers, body } = await request(sign(edge), { headers: { range: 'bytes=1200000-' } });
    expect((await body.arrayBuffer()).byteLength).toBe(fileSize - 1_200_000);
    expect([statusCode, headers['x-cache']]).toEqual([206, 'MISS']);
    expect(await cachedBy(edge)).toBe(2);
    expect(origin.asked.length).toBe(2);
  });

  it('opens the file of a slice once, however many listen to it', async () => {
    const slices = 60;
    const origin = await startOrigin(Buffer.alloc(slices * slice, 7));
    const edge = await startNginx({ originUrl: origin.url, workers: 1 });
    await statusOf(sign(edge), {});
    const worker = await workerOf(edge);
    const listeners = Array.from({ length: 8 }, async () => {
      const listening = (await request(sign(edge))).body[Symbol.asyncIterator]();
      for (let bytes = 0; bytes < (slices - 10) * slice; ) bytes += (await listening.next()).value.length;
      return listening;
    });
    const open = await Promise.all(listeners);
    expect((await readdir(`/proc/${worker}/fd`)).length).toBeLessThan(2 * slices);
    for (const listening of open) await listening.return?.();
  });

  it('as a shield asks the origin once for all nodes, and answers nobody without the secret', async () => {
    const origin = await startOrigin();
    const shield = await startNginx({ role: 'shield', originUrl: origin.url });
    const nodes = await Promise.all([1, 2, 3].map(() => startNginx({ originUrl: shield.url })));
    origin.mode = 'gate';
    const answers = nodes.map((node) => statusOf(sign(node)));
    await expect.poll(() => origin.asked.length).toBe(1);
    origin.openGate();
    expect(await Promise.all(answers)).toEqual([206, 206, 206]);
    expect(origin.asked.length).toBe(1);

    const { pathname } = new URL(sign(shield));
    const range = 'bytes=0-9';
    expect(await statusOf(shield.url + pathname, { range })).toBe(403);
    expect(await statusOf(sign(shield), { range })).toBe(403);
    expect(await statusOf(shield.url + pathname, { range, 'x-origin-secret': `${originSecret}x` })).toBe(403);
    expect(await statusOf(shield.url + pathname, { range, 'x-origin-secret': originSecret })).toBe(206);
    expect(await statusOf(`${shield.url}/etc/passwd`, { range, 'x-origin-secret': originSecret })).toBe(404);
    for (const method of ['POST', 'DELETE', 'PUT', 'OPTIONS'] as const) {
      const asked = { method, headers: { 'x-origin-secret': originSecret } };
      const { statusCode, headers, body } = await request(shield.url + pathname, asked);
      await body.dump();
      expect([statusCode, headers.allow], method).toEqual([405, 'GET, HEAD']);
    }
  });

  it('logs each request and each slice that it fetches', async () => {
    const origin = await startOrigin();
    const edge = await startNginx({ originUrl: origin.url, originTimeoutMs: 700, workers: 1 });
    await statusOf(sign(edge), {});
    await statusOf(sign(edge), { range: 'bytes=600000-600009' });
    origin.mode = 'break-off';
    await statusOf(sign(edge, { track: '2' }));
    origin.mode = 'hang';
    await statusOf(sign(edge, { track: '3' }));
    origin.mode = 'whole';
    await statusOf(sign(edge, { track: '4' }));
    await statusOf(`${edge.url}/nowhere`);

    const path = (track: string) => `/audio/v1/track_${track.padStart(26, '0')}/normal.ogg`;
    const isLogged = async () => (await readLines(edge.accessLog)).length;
    await expect.poll(isLogged).toBe(12);
    const lines = await readLines(edge.accessLog);
    const answers = lines.flatMap((line) => (line.line === 'request' ? [line.answer] : []));
    expect(answers).toMatchObject([
      { kind: 'audio', path: path('1'), status: 200, bytesSent: fileSize, range: null, method: 'GET' },
      { kind: 'audio', path: path('1'), status: 206, bytesSent: 10, range: 'bytes=600000-600009' },
      { path: path('2'), status: 502 },
      { path: path('3'), status: 504 },
      { path: path('4'), status: 502 },
      { kind: 'other', path: '/', status: 404 },
    ]);
    expect(answers[3]?.durationMs).toBeGreaterThanOrEqual(600);
    const fetches = lines.flatMap((line) => (line.line === 'fetch' ? [line.fetch] : []));
    expect(fetches).toEqual([
      { path: path('1'), bytes: slice, failed: false },
      { path: path('1'), bytes: slice, failed: false },
      { path: path('1'), bytes: fileSize - 2 * slice, failed: false },
      { path: path('2'), bytes: 1_000, failed: true },
      { path: path('3'), bytes: 0, failed: true },
      { path: path('4'), bytes: 0, failed: true },
    ]);
    const [first] = lines;
    const ofFirst = lines.filter((line) => line.requestId === first?.requestId).map(({ line }) => line);
    expect(ofFirst).toEqual(['fetch', 'fetch', 'fetch', 'request']);
  });

  it('writes no token to any log, wherever it stood and whatever failed', async () => {
    const origin = await startOrigin();
    const edge = await startNginx({ originUrl: origin.url, originTimeoutMs: 700 });
    const [path = '', token = ''] = sign(edge).slice(edge.url.length).split('?t=');
    const signature = token.split('.').at(-1) ?? '';
    const urls = [
      `${path}?t=${token}`,
      `${path};t=${token}`,
      `${path}?t=${token}&t=${token}`,
      `/audio/${token}`,
      `/images/${token}.jpg`,
      `/${token}`,
      `${path}/../${token}`,
    ];
    for (const url of urls) {
      await statusOf(edge.url + url);
      await statusOf(edge.url + url, {
        range: `bytes=${token}`,
        referer: url,
        'user-agent': url,
        origin: url,
      });
    }
    for (const mode of ['die', 'fail', 'hang', 'break-off', 'whole', 'elsewhere'] as const) {
      origin.mode = mode;
      await statusOf(sign(edge, { track: mode.length.toString().repeat(3) }));
    }
    await origin.stop();
    await statusOf(sign(edge, { track: '9' }));
    await expect.poll(() => edge.errors()).toContain('Connection refused');
    await expect.poll(async () => (await readLines(edge.accessLog)).length).toBeGreaterThan(20);
    const written = (await readFile(edge.accessLog, 'utf8')) + edge.errors();
    expect(written).not.toContain(signature);
    expect(written).not.toContain('v1.new');
    stops.splice(0, 1);
  });

  it('goes on in a new file when its log was renamed', async () => {
    const origin = await startOrigin();
    const edge = await startNginx({ originUrl: origin.url });
    await statusOf(`${edge.url}/one`);
    await rename(edge.accessLog, `${edge.accessLog}.1`);
    await statusOf(`${edge.url}/two`);
    edge.reopenLog();
    await expect.poll(() => existsSync(edge.accessLog)).toBe(true);
    // Its workers follow within milliseconds; until then they write to the old one.
    const linesIn = async (path: string) => (await readFile(path, 'utf8')).split('\n').length - 1;
    await expect
      .poll(async () => {
        await statusOf(`${edge.url}/three`);
        return linesIn(edge.accessLog);
      })
      .toBeGreaterThan(0);
    expect(await linesIn(`${edge.accessLog}.1`)).toBeGreaterThanOrEqual(2);
  });
});

describe('the rotation of the access log', () => {
  it('renames a log that is too large and has nginx go on in a new one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rotation-'));
    await mkdir(join(folder, 'log'));
    await mkdir(join(folder, 'run'));
    const log = join(folder, 'log/access.log');
    // It stands for nginx: it writes a new log when it is told to.
    const nginx = spawn('/bin/sh', [
      '-c',
      `trap 'echo new >${log}' USR1; echo ready; while sleep 0.05; do :; done`,
    ]);
    await once(nginx.stdout, 'data');
    await writeFile(join(folder, 'run/nginx.pid'), String(nginx.pid));
    await writeFile(log, 'x'.repeat(90));
    const script = new URL('../nginx/rotate-access-log.sh', import.meta.url).pathname;
    const env = {
      ...process.env,
      NGINX_PREFIX: folder,
      ACCESS_LOG_BYTES: '100',
      ACCESS_LOG_LOOK_SECONDS: '0.05',
    };
    const rotation = spawn('/bin/sh', [script], { env, detached: true, stdio: 'ignore' });
    try {
      await promisify(execFile)('sleep', ['0.3']);
      expect(existsSync(`${log}.1`)).toBe(false);
      await writeFile(log, 'y'.repeat(120));
      await expect.poll(() => readFile(log, 'utf8').catch(() => '')).toBe('new\n');
      expect(await readFile(`${log}.1`, 'utf8')).toBe('y'.repeat(120));
    } finally {
      if (rotation.pid) process.kill(-rotation.pid, 'SIGKILL');
      nginx.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    }
  });
});
