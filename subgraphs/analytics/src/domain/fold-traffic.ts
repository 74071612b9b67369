import { bucketOf, rowGrains } from './row-grain.ts';
import { stretchStart } from './stretch.ts';
import { createTally } from './tally.ts';

/** What one node of the edge sent in some seconds. */
export interface TrafficWindow {
  readonly node: string;
  /** The first moment, in milliseconds since 1970. */
  readonly from: number;
  readonly answers: readonly {
    readonly status: number;
    readonly requests: number;
    readonly bytesSent: number;
  }[];
  readonly originFetches: number;
  readonly originFailures: number;
  readonly originBytes: number;
  readonly malformedLines: number;
  readonly hottestMisses: readonly {
    readonly path: string;
    readonly originFetches: number;
    readonly originBytes: number;
  }[];
}

export const trafficKeys = ['grain', 'bucket', 'node'] as const;
export const trafficCounters = [
  ...(['requests', 'refused', 'failed', 'bytes_sent'] as const),
  ...(['origin_fetches', 'origin_failures', 'origin_bytes', 'malformed_lines'] as const),
] as const;
export const missKeys = ['bucket', 'path'] as const;
export const missCounters = ['origin_fetches', 'origin_bytes'] as const;

/** The longest path that is told apart; those of ours have 80 characters at most. */
const longestPath = 256;
const tenMinutesMs = 600_000;

/** What windows add to the rows of the edge, each by the minute, hour and day in which it began, and to the files it fetched most. */
export function foldTraffic(windows: readonly TrafficWindow[]) {
  const traffic = createTally(trafficCounters);
  const misses = createTally(missCounters);
  for (const window of windows) {
    const counts = countsOf(window);
    for (const grain of rowGrains)
      traffic.add({ grain, bucket: bucketOf(grain, window.from), node: window.node }, counts);
    const bucket = new Date(stretchStart(tenMinutesMs, window.from)).toISOString();
    for (const { path, originFetches, originBytes } of window.hottestMisses)
      misses.add(
        { bucket, path: path.slice(0, longestPath) },
        { origin_fetches: originFetches, origin_bytes: originBytes },
      );
  }
  return { traffic: traffic.rows(), misses: misses.rows() };
}

function countsOf({ answers, ...window }: TrafficWindow) {
  const requestsOf = (from: number, to: number) =>
    answers.reduce((sum, { status, requests }) => sum + (status >= from && status <= to ? requests : 0), 0);
  return {
    requests: requestsOf(100, 599),
    refused: requestsOf(400, 499),
    failed: requestsOf(500, 599),
    bytes_sent: answers.reduce((sum, { bytesSent }) => sum + bytesSent, 0),
    origin_fetches: window.originFetches,
    origin_failures: window.originFailures,
    origin_bytes: window.originBytes,
    malformed_lines: window.malformedLines,
  };
}
