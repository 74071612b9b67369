import { existsSync } from 'node:fs';
import { readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createMetrics } from '@medley/service';
import { createUrlSigner, parseSigningKeys } from '@medley/signed-url';
import { silentLogger } from '@medley/testing';
import { hasNginx, startTestNginx, type TestNginx } from '@medley/testing/nginx';
import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EdgeTier } from '../../src/access-log/count-range.ts';
import { createLogFiles } from '../../src/access-log/log-files.ts';
import { createShipment } from '../../src/access-log/shipment.ts';
import { openShippedState } from '../../src/access-log/shipped-state.ts';
import { createShipperMetrics } from '../../src/access-log/shipper-metrics.ts';
import { createWarming } from '../../src/app.ts';
import {
  fileSize,
  originSecret,
  type StandInOrigin,
  startStandInOrigin,
} from '../contract/stand-in-origin.ts';
import { createTrafficSink } from './told-traffic.ts';

const signingKeys = `k:${Buffer.alloc(32, 1).toString('base64url')}`;
const keys = parseSigningKeys(signingKeys);
const slice = 524_288;

describe.skipIf(!hasNginx('what the access log of nginx tells'))('the access log of nginx', () => {
  let origin: StandInOrigin;
  const running: TestNginx[] = [];

  beforeEach(async () => {
    origin = await startStandInOrigin();
  });
  afterEach(async () => {
    for (const nginx of running.splice(0)) await nginx.stop();
    await origin.stop();
  });

  async function start(settings: { role?: 'edge' | 'shield'; originUrl?: string } = {}): Promise<TestNginx> {
    const nginx = await startTestNginx({ signingKeys, originUrl: origin.url, originSecret, ...settings });
    if (!nginx) throw new Error('there was an nginx a moment ago');
    running.push(nginx);
    return nginx;
  }
  const trackOf = (last: string) => `track_${'0'.repeat(25)}${last}`;
  const get = async (edge: TestNginx, last: string, range?: string, more = '') => {
    const url = createUrlSigner({ keys, baseUrl: edge.url }).sign({
      trackId: trackOf(last),
      quality: 'NORMAL',
      extension: 'ogg',
      userId: 'user_1',
      expiresAt: new Date(Date.now() + 600_000),
    });
    const { statusCode, body } = await request(url + more, {
      headers: range ? { range: `bytes=${range}` } : {},
    });
    return { statusCode, bytes: (await body.arrayBuffer()).byteLength };
  };
  /** What a shipper of that tier makes of the log. */
  function shipmentOf(nginx: TestNginx, tier: EdgeTier = 'ALONE') {
    const sink = createTrafficSink();
    const shipAll = async () => {
      const state = await openShippedState(`${nginx.accessLog}.position`);
      const shipment = createShipment({
        files: createLogFiles(nginx.accessLog),
        state,
        log: {
          append: async (_topic, records) => {
            sink.take(records);
            return [];
          },
        },
        node: tier,
        tier,
        sampleOutOf: 1,
        logger: silentLogger,
        metrics: createShipperMetrics(createMetrics()),
        clock: () => Date.now() + 60_000,
      });
      await shipment.advance({ all: true });
      await shipment.close();
      return sink.totals();
    };
    return { shipAll, texts: sink.texts };
  }
  /** Every line of a request that there is, in whichever file. */
  async function readAll({ accessLog }: TestNginx): Promise<readonly string[]> {
    const names = (await readdir(dirname(accessLog))).filter((name) => /^access\.log(\.\d)?$/.test(name));
    const texts = await Promise.all(names.map((name) => readFile(join(dirname(accessLog), name), 'utf8')));
    return texts.flatMap((text) => text.split('\n')).filter((line) => line.includes('"line":"request"'));
  }
  const settled = (read: () => Promise<object>, expected: object) =>
    expect.poll(read, { timeout: 10_000, interval: 100 }).toEqual(expected);

  it('tells every byte that was sent and fetched, each once, and no token', async () => {
    const edge = await start();
    const shipment = shipmentOf(edge);
    expect(await get(edge, '1')).toEqual({ statusCode: 200, bytes: fileSize });
    expect(await get(edge, '1', '0-99')).toEqual({ statusCode: 206, bytes: 100 });
    expect(await get(edge, '2', `${slice}-${slice + 9}`)).toEqual({ statusCode: 206, bytes: 10 });
    const refused = await get(edge, '2', undefined, 'x');
    expect(refused.statusCode).toBe(403);
    await settled(shipment.shipAll, {
      requests: 4,
      bytesSent: fileSize + 110 + refused.bytes,
      // Of the second file its first slice too: that tells whether there is a second one.
      originFetches: 5,
      originBytes: fileSize + 2 * slice,
      malformed: 0,
      samples: 4,
    });
    expect(shipment.texts().join('')).not.toMatch(/v1\.k\./);
  });

  it('tells a slice that two hundred wait for as one fetch', async () => {
    const edge = await start();
    const answers = await Promise.all(Array.from({ length: 200 }, () => get(edge, '3', '0-999')));
    expect(new Set(answers.map(({ bytes }) => bytes))).toEqual(new Set([1_000]));
    await settled(shipmentOf(edge).shipAll, {
      requests: 200,
      bytesSent: 200_000,
      originFetches: 1,
      originBytes: slice,
      malformed: 0,
      samples: 200,
    });
  });

  it('is followed through rotations while it is written', async () => {
    const edge = await start();
    const { shipAll } = shipmentOf(edge);
    await get(edge, '4', '0-9');
    await expect.poll(async () => (await shipAll()).requests).toBe(1);
    for (let rotation = 1; rotation <= 3; rotation += 1) {
      const asking = Array.from({ length: 60 }, () => get(edge, '4', '0-9'));
      await rename(edge.accessLog, `${edge.accessLog}.${rotation}`);
      edge.reopenLog();
      await Promise.all(asking);
      // Until its workers write to the new file.
      await expect
        .poll(async () => (await get(edge, '4', '0-9')).bytes && existsSync(edge.accessLog))
        .toBe(true);
    }
    const answered = (await readAll(edge)).length;
    await expect.poll(async () => (await shipAll()).requests, { timeout: 10_000 }).toBe(answered);
    expect(answered).toBeGreaterThan(180);
  });

  it('of an edge and its shield tells listeners once, and the origin once', async () => {
    const shield = await start({ role: 'shield' });
    const [one, two] = [await start({ originUrl: shield.url }), await start({ originUrl: shield.url })];
    await get(one, '5');
    await get(two, '5');
    const shipments = [
      shipmentOf(shield, 'SHIELD'),
      shipmentOf(one, 'BEHIND_SHIELD'),
      shipmentOf(two, 'BEHIND_SHIELD'),
    ];
    const sum = async () => {
      const totals = await Promise.all(shipments.map(({ shipAll }) => shipAll()));
      const of = (name: 'requests' | 'bytesSent' | 'originFetches' | 'originBytes') =>
        totals.reduce((all, total) => all + total[name], 0);
      return {
        requests: of('requests'),
        bytesSent: of('bytesSent'),
        originFetches: of('originFetches'),
        originBytes: of('originBytes'),
      };
    };
    await settled(sum, { requests: 2, bytesSent: 2 * fileSize, originFetches: 3, originBytes: fileSize });
  });

  it('is warm after warming: what is played then asks nothing of the origin', async () => {
    const edge = await start();
    const warming = createWarming({
      analytics: {
        ask: async ({ query, data }) =>
          data.parse(
            query.includes('playedTrackCount')
              ? { playedTrackCount: 2 }
              : { mostPlayedTracks: [trackOf('6'), trackOf('7')] },
          ),
      },
      edgeUrls: [edge.url],
      keys,
      terms: {
        share: 1,
        minTracks: 0,
        qualities: ['NORMAL'],
        budgetBytes: 1e9,
        bytesPerSecond: 1e9,
        concurrency: 3,
      },
      metrics: createMetrics(),
    });
    const { signal } = new AbortController();
    expect(await warming.run({ signal })).toMatchObject({
      ended: 'done',
      fetched: 6,
      originBytes: 2 * fileSize,
    });
    await expect.poll(async () => (await warming.run({ signal })).hits, { timeout: 10_000 }).toBe(6);
    origin.reset();
    expect(await get(edge, '6')).toEqual({ statusCode: 200, bytes: fileSize });
    expect(await get(edge, '7')).toEqual({ statusCode: 200, bytes: fileSize });
    expect(origin.asked).toEqual([]);
  });
});
