/** What every event has. */
export interface LiveEvent {
  readonly kind: 'STARTED' | 'CHANGED' | 'GAP';
  readonly cursor: string;
}

export interface ResultError {
  readonly message: string;
  readonly extensions?: { readonly code?: unknown } | undefined;
}

/** What a client is told of one connection. */
export interface Sink {
  next(result: { readonly data?: unknown; readonly errors?: readonly ResultError[] | undefined }): void;
  /** It ended: with what the server said, or with nothing where the connection broke. */
  ended(errors?: readonly ResultError[]): void;
}

/** Sends the operation with this `after`, and a token that is good now. @returns stops it */
export type Begin = (after: string | undefined, sink: Sink) => () => void;

const broken: ResultError = { message: 'the connection broke', extensions: { code: 'UPSTREAM_UNAVAILABLE' } };
// What another try may mend.
const passing = ['TOO_SLOW', 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT', 'RATE_LIMITED'];

/**
 * Follows a subscription: each time that it ends it is begun again after the last event, so that none is missed.
 * @param onEnd told when there will be no more, whatever one tries: what the server says, such as NOT_FOUND
 * @returns stops it
 */
export function withoutAGap<Event extends LiveEvent>(
  begin: Begin,
  onEvent: (event: Event) => void,
  onEnd: (error: ResultError | undefined) => void,
): () => void {
  let after: string | undefined;
  let failures = 0;
  let lastWords: readonly ResultError[] | undefined;
  let timer: ReturnType<typeof setTimeout>;
  let stopped = false;
  let stop = () => {};

  const sink: Sink = {
    next({ data, errors }) {
      const event = Object.values(data ?? {})[0] as Event | null | undefined;
      lastWords = event ? undefined : errors;
      if (!event) return;
      after = event.cursor;
      failures = 0;
      onEvent(event);
    },
    ended(errors = [broken]) {
      if (stopped) return;
      const [error] = lastWords ?? errors;
      lastWords = undefined;
      const code = String(error?.extensions?.code);
      // The token had expired; one that has just been fetched has not.
      const expired = code === 'UNAUTHENTICATED' && failures === 0;
      if (!expired && !passing.includes(code)) return onEnd(error);
      // Not all at once: others were cut off at the same moment.
      const waitMs = Math.min(10_000, 100 * 2 ** failures) * (0.5 + Math.random());
      failures += 1;
      timer = setTimeout(connect, waitMs);
    },
  };

  function connect() {
    stop = begin(after, sink);
  }

  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    stop();
  };
}
