import { randomBytes } from 'node:crypto';

const path = '/audio/v1/track_00000000000000000000000001/normal.ogg';

/** A line as nginx writes it when a request has ended. */
export const requestLine = (more: object = {}, at = Date.now()) =>
  `${JSON.stringify({
    line: 'request',
    request: randomBytes(16).toString('hex'),
    endedAt: at / 1_000,
    durationSeconds: 0.039,
    kind: 'audio',
    method: 'GET',
    path,
    range: 'bytes=0-99999',
    status: '206',
    bytesSent: 100_000,
    listener: 'Z4iz5tHixHRp9rn5Bw5v4w',
    cache: 'MISS',
    ...more,
  })}\n`;

/** A line as nginx writes it when the origin has answered for a slice. */
export const fetchLine = (more: object = {}, at = Date.now()) =>
  `${JSON.stringify({
    line: 'fetch',
    request: randomBytes(16).toString('hex'),
    endedAt: at / 1_000,
    durationSeconds: 0.017,
    kind: 'audio',
    path,
    range: 'bytes=0-524287',
    status: '206',
    originBytes: 524_288,
    ...more,
  })}\n`;
