import type { Metrics } from '@medley/service';

/**
 * What the edge counts. The hit rate is by bytes: hit / (hit + miss) of `edge_cache_bytes_total`, where listeners who
 * wait for the same slice are all misses; what the origin was spared is in `edge_origin_bytes_total`.
 */
export function createEdgeMetrics(metrics: Metrics) {
  return {
    requests: metrics.counter(
      'edge_requests_total',
      'Requests by what was asked for (audio, images, other) and status',
      ['kind', 'status'],
    ),
    cacheBytes: metrics.counter(
      'edge_cache_bytes_total',
      'Bytes sent, by where they came from: hit or miss',
      ['result'],
    ),
    cacheSlices: metrics.counter('edge_cache_slices_total', 'Slices used by answers, by hit or miss', [
      'result',
    ]),
    cacheSize: metrics.gauge('edge_cache_size_bytes', 'Memory that cached slices take'),
    originFetches: metrics.counter('edge_origin_fetches_total', 'Slices asked of the origin, by outcome', [
      'outcome',
    ]),
    originBytes: metrics.counter('edge_origin_bytes_total', 'Bytes had from the origin'),
    originSeconds: metrics.histogram('edge_origin_fetch_seconds', 'How long the origin took for a slice'),
    openResponses: metrics.gauge('edge_open_responses', 'Answers being sent'),
  };
}

export type EdgeMetrics = ReturnType<typeof createEdgeMetrics>;
