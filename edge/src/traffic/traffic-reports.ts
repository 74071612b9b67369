import type { OfferedEvents } from '@medley/event-log';
import { type Answered, createTrafficCount, type OriginFetch, type TrafficCount } from './traffic-count.ts';
import {
  type EdgeAccessEvent,
  requestSampled,
  type SampledRequest,
  trafficCounted,
} from './traffic-events.ts';
import { type TrafficWindow, windowAt } from './traffic-window.ts';

/** Told of everything that an edge does; takes microseconds and never throws. */
export interface EdgeTraffic {
  /** A request has ended, now. */
  answered(request: Answered & Omit<SampledRequest, 'at'>): void;
  /** A request to the origin has ended. */
  fetched(fetch: OriginFetch): void;
}

export interface TrafficReports extends EdgeTraffic {
  /** Tells what was counted and not told yet. Before the events are stopped. */
  stop(): void;
}

export interface TrafficReportsOptions {
  /** As this node calls itself, 1 to 64 characters: one name for each process. */
  readonly node: string;
  readonly events: Pick<OfferedEvents<EdgeAccessEvent>, 'offer'>;
  /** Of so many requests one is told as it is; 0 for none. 1,000 unless told otherwise. */
  readonly sampleOutOf?: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** 0 to 1, for the sample. */
  readonly random?: () => number;
}

/** A node without traffic is told of so often, so that it is known to live. */
const quietMs = 60_000;

/** Counts what an edge in this process does, and tells it every ten seconds. What was not told yet is lost with the process. */
export function startTrafficReports({
  node,
  events,
  sampleOutOf = 1_000,
  clock = Date.now,
  random = Math.random,
}: TrafficReportsOptions): TrafficReports {
  let window = windowAt(clock());
  let count = createTrafficCount();
  let toldUntil = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout;

  /** The count of the window that it is now. A clock that was put back begins a window too. */
  function current(now: number): TrafficCount {
    if (now < window.from || now >= window.until) {
      tell(window);
      window = windowAt(now);
      count = createTrafficCount();
    }
    return count;
  }

  function tell(over: TrafficWindow): void {
    if (count.isEmpty && Math.abs(over.until - toldUntil) < quietMs) return;
    events.offer(trafficCounted(node, over, count.totals()));
    toldUntil = over.until;
  }

  function wait(): void {
    const now = clock();
    current(now);
    timer = setTimeout(wait, window.until - now);
    timer.unref();
  }
  wait();

  return {
    answered(request) {
      const at = clock();
      current(at).answered(request);
      if (sampleOutOf > 0 && random() * sampleOutOf < 1)
        events.offer(requestSampled(node, { ...request, at }, sampleOutOf));
    },
    fetched: (fetch) => current(clock()).fetched(fetch),
    stop() {
      clearTimeout(timer);
      if (!count.isEmpty) tell(window);
      count = createTrafficCount();
    },
  };
}
