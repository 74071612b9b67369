import { describe, expect, it } from 'vitest';
import { noTraffic } from '../../src/domain/cdn-traffic.ts';
import { judgeEdge } from '../../src/domain/edge-alert.ts';

describe('the alert of the edge', () => {
  const sent = (originBytes: number) =>
    judgeEdge({ ...noTraffic, bytesSent: 100_000, originBytes, originFetches: 3 });

  it('fires below 99.9 % of the bytes, not at it', () => {
    expect(sent(100).firing).toBe(false);
    expect(sent(101).firing).toBe(true);
  });

  it('says why, and never rounds a loss away', () => {
    expect(sent(101).message).toBe(
      'In the last hour 99.89 % of the bytes were spared the origin, less than 99.9 %: 3 requests to the origin brought 101 bytes.',
    );
    expect(sent(1).message).toMatch(/^In the last hour 99.99 % .* and that is at least 99.9 %/);
  });

  it('fires when more is fetched than sent, and not when nothing is', () => {
    expect(sent(900_000)).toMatchObject({
      firing: true,
      message: expect.stringMatching(/^In the last hour 0 %/),
    });
    expect(judgeEdge(noTraffic)).toMatchObject({
      firing: false,
      message: 'Nothing was sent in the last hour.',
    });
  });
});
