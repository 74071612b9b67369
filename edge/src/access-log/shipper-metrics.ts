import type { Metrics } from '@medley/service';

/** What a shipper counts. */
export function createShipperMetrics(metrics: Metrics) {
  return {
    lines: metrics.counter(
      'medley_edge_access_lines_total',
      'Lines of the access log that were told, by outcome: counted, malformed',
      ['outcome'],
    ),
    bytes: metrics.counter(
      'medley_edge_access_bytes_total',
      'Bytes of bodies that the access log tells of: sent (to clients), fetched (from the origin, or from the shield)',
      ['direction'],
    ),
    behind: metrics.gauge(
      'medley_edge_access_behind_bytes',
      'What of the file that is being read was not told yet',
    ),
    told: metrics.gauge(
      'medley_edge_access_told_seconds',
      'When all that had happened was told last, Unix time',
    ),
    lost: metrics.counter(
      'medley_edge_access_lost_total',
      'Files of which lines may be lost: gone (removed unread), emptied (in place), compressed (unread), cut (by a crash of the machine)',
      ['how'],
    ),
  };
}

export type ShipperMetrics = ReturnType<typeof createShipperMetrics>;
