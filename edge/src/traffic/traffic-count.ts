import type { RequestedPath } from '../http/requested-path.ts';

/** A request that was answered, or left before it was. */
export interface Answered {
  readonly kind: Kind;
  /** 100 to 599; 499 when the client left before there was one. */
  readonly status: number;
  /** Of the body. */
  readonly bytesSent: number;
}

/** A request to the origin. */
export interface OriginFetch {
  /** Of the file, as clients ask for it; without a token. */
  readonly path: string;
  /** Of the body. */
  readonly bytes: number;
  /** Whether it brought nothing that can be sent on. */
  readonly failed: boolean;
}

type Kind = RequestedPath['kind'];
// Types, not interfaces: contracts of events have room for more fields.
type AnswerTotals = { kind: Kind; status: number; requests: number; bytesSent: number };
type FileMisses = { path: string; originFetches: number; originBytes: number };

/** What is told of the traffic of one window. */
export interface TrafficTotals {
  readonly answers: readonly AnswerTotals[];
  readonly originFetches: number;
  readonly originFailures: number;
  readonly originBytes: number;
  readonly malformedLines: number;
  readonly hottestMisses: readonly FileMisses[];
}

/** The traffic of one window, as it is being counted. */
export interface TrafficCount {
  answered(answer: Answered): void;
  fetched(fetch: OriginFetch): void;
  malformed(lines: number): void;
  readonly isEmpty: boolean;
  /** The same whatever the order of what was counted. */
  totals(): TrafficTotals;
}

const hottest = 20;
/** Beyond so many files of one window, further ones are in the sums and in no list: memory is bounded. */
const maxFiles = 20_000;

export function createTrafficCount(): TrafficCount {
  const answers = new Map<string, AnswerTotals>();
  const files = new Map<string, { originFetches: number; originBytes: number }>();
  const sums = { originFetches: 0, originFailures: 0, originBytes: 0, malformedLines: 0 };

  return {
    answered({ kind, status, bytesSent }) {
      const key = `${kind} ${status}`;
      const known = answers.get(key);
      if (known) {
        known.requests += 1;
        known.bytesSent += bytesSent;
      } else {
        answers.set(key, { kind, status, requests: 1, bytesSent });
      }
    },
    fetched({ path, bytes, failed }) {
      sums.originFetches += 1;
      sums.originFailures += failed ? 1 : 0;
      sums.originBytes += bytes;
      const known = files.get(path);
      if (known) {
        known.originFetches += 1;
        known.originBytes += bytes;
      } else if (files.size < maxFiles) {
        files.set(path, { originFetches: 1, originBytes: bytes });
      }
    },
    malformed(lines) {
      sums.malformedLines += lines;
    },
    get isEmpty() {
      return answers.size === 0 && sums.originFetches === 0 && sums.malformedLines === 0;
    },
    totals: () => ({
      answers: [...answers.values()].sort((a, b) => compare(a.kind, b.kind) || a.status - b.status),
      ...sums,
      hottestMisses: [...files]
        .map(([path, misses]) => ({ path, ...misses }))
        .sort(
          (a, b) =>
            b.originBytes - a.originBytes || b.originFetches - a.originFetches || compare(a.path, b.path),
        )
        .slice(0, hottest),
    }),
  };
}

const compare = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);
