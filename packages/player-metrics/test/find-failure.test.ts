import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFailure, type Probe, probeUrl } from '../src/find-failure.ts';

const notSupported = 4;
const element = (code: number, arrived = false) => ({
  code,
  arrived,
  canPlayType: (type: string) => (type.startsWith('audio/ogg') ? 'maybe' : ''),
});
const audioIsThere: Probe = { status: 206, contentType: 'audio/ogg' };

describe('a failed start', () => {
  it.each<[string, number, Probe, boolean, string, number | null]>([
    ['the edge cannot be reached', notSupported, 'unreachable', false, 'NETWORK', null],
    ['the edge refuses', notSupported, { status: 410, contentType: 'text/plain' }, false, 'HTTP', 410],
    ['the edge fails', notSupported, { status: 502, contentType: 'text/plain' }, false, 'HTTP', 502],
    ['it broke off, and would go on now', 2, audioIsThere, true, 'NETWORK', null],
    ['it broke off, and the link is over', 2, { status: 410, contentType: '' }, true, 'HTTP', 410],
    [
      'it is of no known format',
      notSupported,
      { status: 200, contentType: 'audio/x-odd' },
      true,
      'UNSUPPORTED',
      null,
    ],
    ['it came, and was garbage', notSupported, audioIsThere, true, 'DECODE', null],
    ['it was garbage further on', 3, audioIsThere, true, 'DECODE', null],
    ['it is there now, for whatever reason', notSupported, audioIsThere, false, 'OTHER', null],
    ['this page may not read what is there', notSupported, 'unreadable', false, 'OTHER', null],
  ])('because %s', async (_, code, probed, arrived, failure, httpStatus) => {
    expect(await findFailure(element(code, arrived), async () => probed)).toEqual({ failure, httpStatus });
  });

  it('is none that somebody stopped', async () => {
    expect(await findFailure(element(1), async () => audioIsThere)).toBeUndefined();
  });
});

describe('asking once more', () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.range);
    response.writeHead(403, { 'content-type': 'text/plain' }).end('no');
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve())));
  afterAll(() => server.close());
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/audio`;

  it('is for one byte', async () => {
    expect(await probeUrl(url())).toEqual({ status: 403, contentType: 'text/plain' });
    expect(asked).toEqual(['bytes=0-0']);
  });

  it('finds out that nobody answers', async () => {
    const gone = url();
    await new Promise((resolve) => server.close(resolve));
    expect(await probeUrl(gone)).toBe('unreachable');
  });
});
