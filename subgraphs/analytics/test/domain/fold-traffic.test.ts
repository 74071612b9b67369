import { describe, expect, it } from 'vitest';
import { foldTraffic, type TrafficWindow } from '../../src/domain/fold-traffic.ts';

const window = (options: Partial<TrafficWindow> = {}): TrafficWindow => ({
  node: 'edge-1',
  from: Date.parse('2026-05-01T10:19:50Z'),
  answers: [
    { status: 206, requests: 90, bytesSent: 40_000_000 },
    { status: 200, requests: 5, bytesSent: 5_000_000 },
    { status: 403, requests: 3, bytesSent: 90 },
    { status: 499, requests: 1, bytesSent: 0 },
    { status: 502, requests: 1, bytesSent: 30 },
  ],
  originFetches: 4,
  originFailures: 1,
  originBytes: 1_572_864,
  malformedLines: 2,
  hottestMisses: [{ path: '/audio/v1/track_a/high.ogg', originFetches: 3, originBytes: 1_572_864 }],
  ...options,
});

describe('foldTraffic', () => {
  it('counts by the minute, the hour and the day, and by what the status says', () => {
    const counts = {
      node: 'edge-1',
      requests: 100,
      refused: 4,
      failed: 1,
      bytes_sent: 45_000_120,
      origin_fetches: 4,
      origin_failures: 1,
      origin_bytes: 1_572_864,
      malformed_lines: 2,
    };
    expect(foldTraffic([window()]).traffic).toEqual([
      { grain: 1, bucket: '2026-05-01T10:19:00.000Z', ...counts },
      { grain: 60, bucket: '2026-05-01T10:00:00.000Z', ...counts },
      { grain: 1440, bucket: '2026-05-01T00:00:00.000Z', ...counts },
    ]);
  });

  it('adds what came in the same ten minutes, of all nodes for files and of each for what was sent', () => {
    const { traffic, misses } = foldTraffic([
      window(),
      window({ node: 'edge-2', from: Date.parse('2026-05-01T10:10:00Z') }),
      window({ from: Date.parse('2026-05-01T10:20:00Z') }),
    ]);
    expect(traffic.filter(({ grain }) => grain === 1440)).toMatchObject([
      { node: 'edge-1', requests: 200 },
      { node: 'edge-2', requests: 100 },
    ]);
    expect(misses).toEqual([
      {
        bucket: '2026-05-01T10:10:00.000Z',
        path: '/audio/v1/track_a/high.ogg',
        origin_fetches: 6,
        origin_bytes: 3_145_728,
      },
      {
        bucket: '2026-05-01T10:20:00.000Z',
        path: '/audio/v1/track_a/high.ogg',
        origin_fetches: 3,
        origin_bytes: 1_572_864,
      },
    ]);
  });

  it('cuts a path that is longer than any of ours', () => {
    const path = `/audio/${'x'.repeat(100_000)}`;
    const { misses } = foldTraffic([window({ hottestMisses: [{ path, originFetches: 1, originBytes: 1 }] })]);
    expect(misses[0]?.path).toHaveLength(256);
  });
});
