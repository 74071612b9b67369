/** What the edge answered to the requests for one URL, as far as the browser tells. */
export interface EdgeAnswers {
  readonly hits: number;
  readonly misses: number;
  readonly bytes: number;
  /** Whether the browser tells of an answer that was taken whole, and was audio by its status. */
  readonly arrived: boolean;
  stop(): void;
}

/** The parts of PerformanceResourceTiming that are read. */
export type AnswerTiming = Pick<
  PerformanceResourceTiming,
  'name' | 'transferSize' | 'encodedBodySize' | 'responseStatus' | 'serverTiming'
>;

/**
 * Counts the answers for a URL by the browser's resource timings, also those from before: a prefetch, the preload of an element. What the
 * edge says in `Server-Timing: cdn-cache;desc=HIT` can be read by pages that it allows (`Timing-Allow-Origin`), of elements with
 * `crossorigin`; others count nothing. An answer that the browser had itself is no answer of the edge.
 */
export function watchEdgeAnswers(url: string): EdgeAnswers {
  const tally = new AnswerTally(url);
  const observer = new PerformanceObserver((list) => tally.addAll(list.getEntries().map(toTiming)));
  observer.observe({ type: 'resource', buffered: true });
  // What the browser has in hand is taken when the numbers are looked at.
  const current = () => {
    tally.addAll(observer.takeRecords().map(toTiming));
    return tally;
  };
  return {
    get hits() {
      return current().hits;
    },
    get misses() {
      return current().misses;
    },
    get bytes() {
      return current().bytes;
    },
    get arrived() {
      return current().arrived;
    },
    stop() {
      current();
      observer.disconnect();
    },
  };
}

// An observer of 'resource' is given nothing else.
const toTiming = (entry: PerformanceEntry) => entry as unknown as AnswerTiming;

/** The sums; apart from the browser that gives them. */
export class AnswerTally {
  hits = 0;
  misses = 0;
  bytes = 0;
  arrived = false;
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  addAll(timings: readonly AnswerTiming[]): void {
    for (const timing of timings) {
      if (timing.name === this.#url && timing.transferSize > 0) this.#add(timing);
    }
  }

  #add({ encodedBodySize, responseStatus, serverTiming }: AnswerTiming): void {
    const status = serverTiming.find(({ name }) => name === 'cdn-cache')?.description;
    if (status === 'HIT') this.hits += 1;
    else if (status) this.misses += 1;
    // A refusal has a body too, and no status of a cache.
    if (status) this.bytes += encodedBodySize;
    if (responseStatus >= 200 && responseStatus < 300) this.arrived = true;
  }
}
