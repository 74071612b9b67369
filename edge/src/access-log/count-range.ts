import { edgeEventUuid } from '@medley/ids';
import { createTrafficCount, type TrafficCount } from '../traffic/traffic-count.ts';
import {
  type EdgeAccessEvent,
  requestSampled,
  type SampledRequest,
  trafficCounted,
} from '../traffic/traffic-events.ts';
import { type TrafficWindow, windowAt } from '../traffic/traffic-window.ts';
import { type AccessLine, type FetchLine, parseAccessLine, type RequestLine } from './access-line.ts';

/** What of a node's log is told: see `shipperConfig`. */
export const edgeTiers = ['ALONE', 'BEHIND_SHIELD', 'SHIELD'] as const;
export type EdgeTier = (typeof edgeTiers)[number];

/** What the events of a range depend on beside its bytes. */
export interface RangeTerms {
  readonly node: string;
  readonly tier: EdgeTier;
  /** Of so many requests one is told as it is; 0 for none. */
  readonly sampleOutOf: number;
  /** When the range was cut, in milliseconds since 1970. */
  readonly cutAt: number;
  /** Names the range, and no other. */
  readonly name: string;
  /** Whether the range begins in the midst of a line, whose beginning was counted. */
  readonly midLine: boolean;
}

export interface CountedRange {
  /** So many bytes were counted. */
  readonly length: number;
  readonly lines: number;
  /** Of these, those that could not be read. */
  readonly malformed: number;
  /** Of bodies: to clients, and from the origin or the shield; whatever the tier. */
  readonly bytesSent: number;
  readonly bytesFetched: number;
  /** The same, with the same ids, by the same bytes and terms. */
  readonly events: readonly EdgeAccessEvent[];
}

const newline = 0x0a;
/** Nginx writes none that is longer. */
const maxLineBytes = 16_384;
/**
 * A line of a time that is further than this before or after its range was cut is taken for malformed. The topic keeps what is told for
 * seven days, and whoever counts it knows fifteen days of what was counted.
 */
const [oldestMs, newestMs] = [7 * 86_400_000, 3_600_000];

/**
 * Counts the lines of a piece of an access log, by ten seconds.
 * @param options.takeRest counts what follows the last end of a line as a line that cannot be read; else it is left
 * @param options.hold the window that is not over yet: from its first line on everything is left
 */
export function countRange(
  bytes: Buffer,
  terms: RangeTerms,
  { takeRest, hold }: { readonly takeRest: boolean; readonly hold?: TrafficWindow },
): CountedRange {
  const count = createRangeCount(terms);
  let start = terms.midLine ? bytes.indexOf(newline) + 1 : 0;
  // Nothing but the middle of a line.
  if (terms.midLine && start === 0) return { length: bytes.length, ...count.result() };
  for (let end = bytes.indexOf(newline, start); end !== -1; end = bytes.indexOf(newline, start)) {
    const line = end - start > maxLineBytes ? undefined : parseAccessLine(bytes.toString('utf8', start, end));
    if (line && hold && line.at >= hold.from && line.at < hold.until) {
      return { length: start, ...count.result() };
    }
    count.add(line);
    start = end + 1;
  }
  if (takeRest && start < bytes.length) {
    count.add(undefined);
    start = bytes.length;
  }
  return { length: start, ...count.result() };
}

function createRangeCount({ node, tier, sampleOutOf, cutAt, name }: RangeTerms) {
  const counts = new Map<number, TrafficCount>();
  const samples: { readonly id: string; readonly request: SampledRequest }[] = [];
  /** What was fetched for requests that have not ended. */
  const originBytesOf = new Map<string, number>();
  let lines = 0;
  let malformed = 0;
  let bytesSent = 0;
  let bytesFetched = 0;
  let lastAt = cutAt;

  function countAt(at: number) {
    const { from } = windowAt(at);
    const count = counts.get(from) ?? createTrafficCount();
    counts.set(from, count);
    return count;
  }

  function sample({ requestId, answer }: RequestLine) {
    const originBytes = originBytesOf.get(requestId) ?? 0;
    originBytesOf.delete(requestId);
    // By its id, which is random, so that the same ones are told when the range is counted again.
    if (sampleOutOf === 0 || Number.parseInt(requestId.slice(0, 8), 16) % sampleOutOf !== 0) return;
    samples.push({ id: edgeEventUuid(`${name} ${requestId}`), request: { ...answer, originBytes } });
  }

  function addFetch({ requestId, fetch }: FetchLine, count: TrafficCount) {
    bytesFetched += fetch.bytes;
    if (tier !== 'BEHIND_SHIELD') count.fetched(fetch);
    originBytesOf.set(requestId, (originBytesOf.get(requestId) ?? 0) + fetch.bytes);
  }

  function addRequest(line: RequestLine, count: TrafficCount) {
    bytesSent += line.answer.bytesSent;
    if (tier === 'SHIELD') return;
    count.answered(line.answer);
    sample(line);
  }

  return {
    add(line: AccessLine | undefined) {
      lines += 1;
      if (!line || line.at < cutAt - oldestMs || line.at > cutAt + newestMs) {
        malformed += 1;
        // It has no time of its own that could be believed.
        countAt(lastAt).malformed(1);
        return;
      }
      lastAt = line.at;
      if (line.line === 'fetch') addFetch(line, countAt(line.at));
      else addRequest(line, countAt(line.at));
    },
    result(): Omit<CountedRange, 'length'> {
      const windows = [...counts].filter(([, count]) => !count.isEmpty).sort(([a], [b]) => a - b);
      const events = windows.map(([from, count]) => {
        const id = edgeEventUuid(`${name} ${from}`);
        return trafficCounted(node, windowAt(from), count.totals(), id);
      });
      const sampled = samples.map(({ id, request }) => requestSampled(node, request, sampleOutOf, id));
      return { lines, malformed, bytesSent, bytesFetched, events: [...events, ...sampled] };
    },
  };
}
