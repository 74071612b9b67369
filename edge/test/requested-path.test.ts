import { createLogger, createMetrics } from '@medley/service';
import { createUrlSigner, parseSigningKeys } from '@medley/signed-url';
import { request } from 'undici';
import { expect, it } from 'vitest';
import { createEdge } from '../src/app.ts';
import { readRequestedPath } from '../src/http/requested-path.ts';
import { originSecret, startStandInOrigin } from './contract/stand-in-origin.ts';

const audio = `/audio/v1/track_${'0'.repeat(26)}/normal.ogg`;
const image = `/images/v1/album_${'0'.repeat(26)}/small.jpg`;

it.each([
  [`${audio}?t=v1.x`, { kind: 'audio', path: audio }],
  [`${image}?t=v1.x`, { kind: 'images', path: image }],
  [`${audio};t=v1.x`, { kind: 'audio', path: '/audio/' }],
  [`${image}&t=v1.x`, { kind: 'images', path: '/images/' }],
  ['/audio/t=v1.x', { kind: 'audio', path: '/audio/' }],
  ['/audio;t=v1.x/', { kind: 'other', path: '/' }],
  ['/%61udio/v1/x', { kind: 'other', path: '/' }],
  ['http://host/audio/v1/x', { kind: 'other', path: '/' }],
  ['', { kind: 'other', path: '/' }],
])('of %s it keeps only what is known', (url, expected) => {
  expect(readRequestedPath(url)).toEqual(expected);
});

it('neither logs nor counts by what a wrong URL holds', async () => {
  const lines: string[] = [];
  const metrics = createMetrics();
  const keys = parseSigningKeys(`k:${Buffer.alloc(32, 1).toString('base64url')}`);
  const origin = await startStandInOrigin();
  const service = await createEdge({
    keys,
    originUrl: origin.url,
    originSecret,
    logger: createLogger('edge', 'info', { write: (line: string) => void lines.push(line) }),
    metrics,
    lingerMs: 100,
  }).start({ host: '127.0.0.1', port: 0 });
  try {
    const url = createUrlSigner({ keys, baseUrl: service.url }).sign({
      trackId: `track_${'0'.repeat(26)}`,
      quality: 'NORMAL',
      extension: 'ogg',
      userId: 'user_1',
      expiresAt: new Date(Date.now() + 60_000),
    });
    lines.length = 0;
    const garbled = [';t=', '=t=', '>t=', '%3Ft=', '/t=', '&t='].map((mark) => url.replace('?t=', mark));
    for (const wrong of [...garbled, url.replace('/audio/', '/%61udio/')]) {
      const { statusCode, body } = await request(wrong);
      await body.dump();
      expect(statusCode, wrong).toBe(404);
    }
    await expect.poll(() => lines.length).toBe(garbled.length + 1);
    expect(lines.join('')).not.toContain('t=');
    expect(lines.join('')).not.toContain('v1.');
    const counted = (await metrics.registry.metrics()).match(/^edge_requests_total\{.*\} \d+$/gm);
    expect(counted?.sort()).toEqual([
      `edge_requests_total{kind="audio",status="404"} ${garbled.length}`,
      'edge_requests_total{kind="other",status="404"} 1',
    ]);
  } finally {
    await service.stop();
    await origin.stop();
  }
});
