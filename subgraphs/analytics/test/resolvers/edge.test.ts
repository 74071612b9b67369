import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Asking, openAsking, publicId } from '../asking.ts';

describe('what the edge sends', () => {
  let analytics: Asking;
  const path = `/audio/v1/${publicId('track', 'Hot')}/high.ogg`;
  beforeAll(async () => {
    analytics = await openAsking();
    await analytics.generations.build();
    const row = {
      ...{ generation: 1, grain: 1, node: 'edge-1', requests: 0, refused: 0, failed: 0, bytesSent: 0 },
      ...{ originFetches: 0, originFailures: 0, originBytes: 0, malformedLines: 0 },
    };
    const at = (bucket: string) => new Date(bucket);
    await analytics.client.edgeSeries.createMany({
      data: [
        {
          ...row,
          bucket: at('2026-06-01T12:00:00Z'),
          requests: 10,
          bytesSent: 1_000,
          originBytes: 100,
          originFetches: 33,
        },
        {
          ...row,
          bucket: at('2026-06-01T11:55:00Z'),
          node: 'edge-2',
          requests: 5,
          bytesSent: 9_000,
          refused: 2,
        },
        {
          ...row,
          bucket: at('2026-06-01T11:54:00Z'),
          requests: 100,
          bytesSent: 10_000,
          failed: 3,
          malformedLines: 4,
        },
        { ...row, bucket: at('2026-06-01T10:59:00Z'), requests: 7_000, bytesSent: 1, originBytes: 5 },
        { ...row, bucket: at('2026-05-31T13:00:00Z'), node: 'edge-0', requests: 1 },
        { ...row, bucket: at('2026-05-31T11:00:00Z'), node: 'edge-gone', requests: 1 },
        { ...row, bucket: at('2026-06-01T12:00:00Z'), generation: 2, requests: 9_999 },
      ],
    });
    const miss = { generation: 1, bucket: at('2026-06-01T11:50:00Z'), originFetches: 2, originBytes: 500 };
    await analytics.client.edgeMisses.createMany({
      data: [
        { ...miss, path },
        { ...miss, path, bucket: at('2026-06-01T12:00:00Z') },
        { ...miss, path: '/images/v1/album_x/large.jpg', originBytes: 999 },
        { ...miss, path: '/long/ago', bucket: at('2026-06-01T10:50:00Z'), originBytes: 77_777 },
      ],
    });
  });
  afterAll(() => analytics?.close());

  const question = `query ($from: DateTime!, $every: TimeGrain!, $node: String) {
    cdnTraffic(from: $from, every: $every, node: $node) {
      every from until total { requests hitRateByBytes malformedLines }
      points { at counts { requests refused failed bytesSent originBytes originFetches hitRateByBytes } }
    }
  }`;

  it('comes as one point for each minute, with the hit rate by bytes', async () => {
    const { cdnTraffic } = await analytics.analyst<{ cdnTraffic: { points: { counts: object }[] } }>(
      question,
      {
        from: '2026-06-01T11:54:00Z',
        every: 'MINUTE',
      },
    );
    expect(cdnTraffic).toMatchObject({
      ...{ every: 'MINUTE', from: '2026-06-01T11:54:00.000Z', until: '2026-06-01T12:01:00.000Z' },
      total: { requests: 115, hitRateByBytes: 0.995, malformedLines: 4 },
    });
    expect(cdnTraffic.points).toHaveLength(7);
    expect(cdnTraffic.points.slice(1, 3).map(({ counts }) => counts)).toEqual([
      {
        ...{ requests: 5, refused: 2, failed: 0, bytesSent: 9_000, originBytes: 0, originFetches: 0 },
        hitRateByBytes: 1,
      },
      {
        ...{ requests: 0, refused: 0, failed: 0, bytesSent: 0, originBytes: 0, originFetches: 0 },
        hitRateByBytes: null,
      },
    ]);
  });

  it('is that of one node where one is named; a hit rate is never below 0', async () => {
    const asked = { from: '2026-06-01T10:59:00Z', every: 'MINUTE' };
    const total = async (node: string) =>
      (await analytics.analyst<{ cdnTraffic: { total: object } }>(question, { ...asked, node })).cdnTraffic
        .total;
    expect(await total('edge-2')).toEqual({ requests: 5, hitRateByBytes: 1, malformedLines: 0 });
    expect(await total('no such node')).toEqual({ requests: 0, hitRateByBytes: null, malformedLines: 0 });
    const { cdnTraffic } = await analytics.analyst<{
      cdnTraffic: { points: { counts: { hitRateByBytes: number } }[] };
    }>(question, asked);
    expect(cdnTraffic.points[0]?.counts.hitRateByBytes).toBe(0);
  });

  it.each(['', 'x'.repeat(65), 'edge\u0000'])(
    'is refused for a name that no node can have: %j',
    async (node) => {
      const asked = { from: '2026-06-01T10:59:00Z', every: 'MINUTE', node };
      expect(await analytics.refused(question, asked)).toMatchObject({ code: 'BAD_USER_INPUT' });
    },
  );

  it('is told of now: rates, nodes, what is fetched most, and an alert', async () => {
    const { edgeStatus } = await analytics.analyst<{ edgeStatus: { originRequestsPerSecond: number } }>(`{
      edgeStatus {
        at originRequestsPerSecond
        now { requests bytesSent hitRateByBytes }
        lastHour { requests bytesSent originBytes hitRateByBytes }
        hottestMisses { path quality track { id } originFetches originBytes }
        nodes { name lastSeenAt now { requests } }
        alert { firing threshold message }
      }
    }`);
    expect(edgeStatus).toEqual({
      at: '2026-06-01T12:00:30.000Z',
      originRequestsPerSecond: 0.1,
      now: { requests: 15, bytesSent: 10_000, hitRateByBytes: 0.99 },
      lastHour: { requests: 115, bytesSent: 20_000, originBytes: 100, hitRateByBytes: 0.995 },
      hottestMisses: [
        {
          path,
          quality: 'HIGH',
          track: { id: publicId('track', 'Hot') },
          originFetches: 4,
          originBytes: 1_000,
        },
        {
          ...{ path: '/images/v1/album_x/large.jpg', quality: null, track: null },
          ...{ originFetches: 2, originBytes: 999 },
        },
      ],
      nodes: [
        { name: 'edge-0', lastSeenAt: '2026-05-31T13:01:00.000Z', now: { requests: 0 } },
        { name: 'edge-1', lastSeenAt: '2026-06-01T12:00:30.000Z', now: { requests: 10 } },
        { name: 'edge-2', lastSeenAt: '2026-06-01T11:56:00.000Z', now: { requests: 5 } },
      ],
      alert: {
        firing: true,
        threshold: 0.999,
        message:
          'In the last hour 99.5 % of the bytes were spared the origin, less than 99.9 %: 33 requests to the origin brought 100 bytes.',
      },
    });
  });
});
