import type { ClientStream, StreamEnd, StreamedResult } from './subscription-handler.ts';

export interface ClientQueueOptions {
  /** How many results may wait. */
  readonly limit: number;
  /** Milliseconds since any fixed moment; it never goes back. */
  readonly clock: () => number;
  /** Told of each result that the client takes. */
  readonly onTaken: () => void;
  /** Told once. Undefined: the client left. */
  readonly onEnd: (end: StreamEnd | undefined) => void;
}

/** What one client has not taken yet. The results are shared with others; only the references are his own. */
export class ClientQueue implements ClientStream {
  /** Told when nothing waits any more. */
  onEmpty: (() => void) | undefined;
  /** How many results the client took. */
  taken = 0;
  #waiting: StreamedResult[] = [];
  /** Since when the client took nothing of what waits. */
  #waitingSince = 0;
  #taker: ((next: IteratorResult<StreamedResult, undefined>) => void) | undefined;
  #state: 'open' | 'finishing' | 'over' = 'open';
  #ended: StreamEnd | undefined;
  readonly #options: ClientQueueOptions;

  constructor(options: ClientQueueOptions) {
    this.#options = options;
  }

  get ended(): StreamEnd | undefined {
    return this.#state === 'over' ? this.#ended : undefined;
  }

  /** Whether nothing more can come into it. */
  get isClosed(): boolean {
    return this.#state !== 'open';
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** How long the client has taken nothing of what waits, in milliseconds. */
  get stalledMs(): number {
    return this.isEmpty ? 0 : this.#options.clock() - this.#waitingSince;
  }

  /** @param replaces the client need not be given what waits before it */
  push(result: StreamedResult, replaces: boolean): void {
    if (this.isClosed) return;
    if (this.#taker) {
      this.#give(result);
      return;
    }
    if (this.isEmpty) this.#waitingSince = this.#options.clock();
    if (replaces) this.#waiting.length = 0;
    this.#waiting.push(result);
    if (this.#waiting.length > this.#options.limit) this.end('TOO_SLOW');
  }

  /** Ends it for good once the client has taken what waits. */
  finish(last?: StreamedResult): void {
    if (last) this.push(last, false);
    if (this.isClosed) return;
    this.#state = 'finishing';
    if (this.isEmpty) this.#end('COMPLETE');
  }

  /** Ends it now: what waits is dropped. */
  end(reason: 'DRAINING' | 'TOO_SLOW'): void {
    this.#end(reason);
  }

  close(): void {
    this.#end(undefined);
  }

  readonly results: AsyncIterableIterator<StreamedResult> = {
    next: () => this.#take(),
    return: async () => {
      this.close();
      return done;
    },
    [Symbol.asyncIterator]: () => this.results,
  };

  #take(): Promise<IteratorResult<StreamedResult, undefined>> {
    const value = this.#waiting.shift();
    if (value) {
      this.#count();
      this.#waitingSince = this.#options.clock();
      if (this.isEmpty) {
        if (this.#state === 'finishing') this.#end('COMPLETE');
        else this.onEmpty?.();
      }
      return Promise.resolve({ value, done: false });
    }
    if (this.#state === 'over') return Promise.resolve(done);
    return new Promise((resolve) => {
      this.#taker = resolve;
    });
  }

  #give(value: StreamedResult): void {
    const taker = this.#taker;
    this.#taker = undefined;
    this.#count();
    taker?.({ value, done: false });
  }

  #count(): void {
    this.taken += 1;
    this.#options.onTaken();
  }

  #end(reason: StreamEnd | undefined): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#ended = reason;
    this.#waiting = [];
    this.#taker?.(done);
    this.#taker = undefined;
    this.#options.onEnd(reason);
  }
}

const done = { value: undefined, done: true } as const;
