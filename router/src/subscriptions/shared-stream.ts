import type { ClientQueue } from './client-queue.ts';
import type { EventResult } from './event-completion.ts';
import type { ShownErrors } from './streamed-result.ts';
import type { StreamedResult } from './subscription-handler.ts';
import type { Upstream, UpstreamErrors } from './upstream.ts';

/** A client as the streams see him. */
export interface Subscriber {
  readonly queue: ClientQueue;
  /** The stream that feeds him. */
  stream: SharedStream | undefined;
  /**
   * There is nothing more from the stream that he was on.
   * @param errors why; empty when it ended for good
   * @param position the cursor of the last event that he was given, or that he began after
   */
  onStreamEnd(errors: ShownErrors, position: string | undefined): void;
}

/** Where events of one kind come from, and what is made of them, for all who ask for the same. */
export interface StreamSource {
  /** Equal for those who would be given the same. */
  readonly key: string;
  /**
   * Rejects when it cannot be begun.
   * @param onLink told when the link to the subgraph breaks, and when the stream goes on
   */
  open(
    after: string | undefined,
    signal: AbortSignal,
    onLink: (state: 'disconnected' | 'reconnected') => void,
  ): Promise<Upstream>;
  /**
   * Never rejects.
   * @param signal aborted when nobody waits for the result any more; what it resolves to then has no meaning
   */
  complete(event: EventResult, signal: AbortSignal): Promise<StreamedResult>;
  /** What clients are told of errors. */
  mask(errors: readonly unknown[]): ShownErrors;
}

/** What a stream tells of itself. */
export interface StreamListener {
  /**
   * The stream has come to another position.
   * @param from undefined for a first event
   * @param result what its clients were given
   * @param cameAt when the event came that it was made of
   */
  onAdvanced(stream: SharedStream, from: string | undefined, result: StreamedResult, cameAt: number): void;
  /** It has begun, is reconnected, or asks for events again: it may take over clients that it could not. */
  onReady(stream: SharedStream): void;
  /** Nothing more comes of it, or nobody is left. */
  onClosed(stream: SharedStream): void;
}

/** One stream of a subgraph, and one completion for each of its events, for all who stand at the same place of it. */
export class SharedStream {
  readonly source: StreamSource;
  readonly subscribers = new Set<Subscriber>();
  /** The cursor of the event that was told last, or that it began after; undefined before the first event of one that began at now. */
  position: string | undefined;
  /** Resolves to why it was refused; empty when it was not. */
  readonly begun: Promise<ShownErrors>;
  /** Whether events can be expected of it at the moment: it has begun, and its link is not broken. */
  isLive = false;
  /** Whether it asks for no event at the moment, as nobody would take it: what waits on the way to it may be old. */
  isPaused = false;
  /** When the event came that is being completed; undefined when none is. */
  completingSince: number | undefined;
  /** Resolves when nothing of it runs any more. */
  readonly finished: Promise<void>;
  readonly #listener: StreamListener;
  readonly #clock: () => number;
  readonly #abort = new AbortController();
  #resolveBegun: (errors: ShownErrors) => void = () => {};
  #wake: (() => void) | undefined;

  /** @param clock milliseconds since any fixed moment */
  constructor(
    source: StreamSource,
    after: string | undefined,
    listener: StreamListener,
    clock: () => number,
  ) {
    this.#clock = clock;
    this.source = source;
    this.position = after;
    this.#listener = listener;
    this.begun = new Promise((resolve) => {
      this.#resolveBegun = resolve;
    });
    this.finished = this.#run();
  }

  get isClosed(): boolean {
    return this.#abort.signal.aborted;
  }

  join(subscriber: Subscriber): void {
    subscriber.stream = this;
    this.subscribers.add(subscriber);
    subscriber.queue.onEmpty = () => this.#wakeUp();
    this.#wakeUp();
  }

  leave(subscriber: Subscriber): void {
    subscriber.stream = undefined;
    this.subscribers.delete(subscriber);
    if (this.subscribers.size === 0) this.close();
  }

  /** Everybody goes over to another stream that stands at the same position. */
  moveTo(other: SharedStream): void {
    for (const subscriber of this.subscribers) other.join(subscriber);
    this.subscribers.clear();
    this.close();
  }

  close(): void {
    if (this.isClosed) return;
    this.#abort.abort();
    this.#resolveBegun([]);
    this.#wakeUp();
    this.#listener.onClosed(this);
  }

  async #run(): Promise<void> {
    const opened = await this.source
      .open(this.position, this.#abort.signal, (state) => {
        this.isLive = state === 'reconnected';
        if (this.isLive) this.#listener.onReady(this);
      })
      .catch((error: unknown) => ({ refused: [error] }));
    if ('refused' in opened) {
      this.#resolveBegun(this.source.mask(opened.refused));
      this.close();
      return;
    }
    this.isLive = true;
    this.#resolveBegun([]);
    this.#listener.onReady(this);
    try {
      this.#endAll(this.source.mask(await this.#passOn(opened.events)));
    } catch (error) {
      this.#endAll(this.source.mask([error]));
    }
  }

  /** Passes events on until there are no more. @returns why */
  async #passOn(events: Extract<Upstream, { events: unknown }>['events']): Promise<UpstreamErrors> {
    for (;;) {
      await this.#whenDemanded();
      if (this.isClosed) {
        await events.return([]);
        return [];
      }
      const next = await events.next();
      if (next.done) return next.value;
      const cameAt = this.#clock();
      this.completingSince = cameAt;
      const { result, cursor, replaces } = next.value;
      const completed = await this.source.complete(result, this.#abort.signal);
      this.completingSince = undefined;
      if (this.isClosed) continue;
      for (const { queue } of this.subscribers) queue.push(completed, replaces);
      if (this.isClosed) continue;
      const from = this.position;
      this.position = cursor;
      this.#listener.onAdvanced(this, from, completed, cameAt);
    }
  }

  #endAll(errors: ShownErrors): void {
    const subscribers = [...this.subscribers];
    const { position } = this;
    this.subscribers.clear();
    this.close();
    for (const subscriber of subscribers) {
      subscriber.stream = undefined;
      subscriber.onStreamEnd(errors, position);
    }
  }

  /** While nobody has taken all that he was given, the subgraph need not make more: what it tells then is newer. */
  async #whenDemanded(): Promise<void> {
    if (this.isClosed || this.#hasDemand()) return;
    this.isPaused = true;
    while (!this.isClosed && !this.#hasDemand()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.isPaused = false;
    if (!this.isClosed) this.#listener.onReady(this);
  }

  #hasDemand(): boolean {
    for (const { queue } of this.subscribers) if (queue.isEmpty) return true;
    return false;
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
