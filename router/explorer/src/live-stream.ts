import { createClient } from 'graphql-sse';
import type { Answer } from './answer.ts';
import { parseAnswer } from './answer.ts';

/** A subscription that runs, beside whatever else is asked. */
export interface LiveStream {
  /** Of the operation, for people. */
  readonly name: string;
  /** As whom and from where: see `describeCaller`. */
  readonly caller: string;
  /** How it is now; another object after each change. */
  state(): LiveStreamState;
  /** Tells of each change. */
  onChange(listener: () => void): () => void;
  /** Ends it. Safe to call twice. */
  stop(): void;
}

export interface LiveStreamState {
  /** `WAITING`: the connection broke; it is begun again in a moment, after the last event. */
  readonly phase: 'OPENING' | 'OPEN' | 'WAITING' | 'ENDED';
  /** How many results came. */
  readonly results: number;
  /** The last of them; undefined before the first. */
  readonly latest: Answer | undefined;
  /** When that came, in milliseconds since 1970. */
  readonly latestAt: number;
  /** What the server knew the caller by. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface LiveStreamOptions {
  readonly path: string;
  readonly operation: LiveOperation;
  readonly caller: string;
  /** Called each time that the stream is begun: a token may have expired meanwhile. */
  readonly readHeaders: () => Promise<Readonly<Record<string, string>>>;
  /** How long it waits before it begins again, in milliseconds: twice as long after each failure, up to 16 times. */
  readonly retryAfterMs?: number;
}

export interface LiveOperation {
  readonly name: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
  /** Whether it has a variable `after`, for the cursor of the last event. */
  readonly takesAfter: boolean;
}

/** What came of one connection: whether it told anything, and whether there is more to be had by another one. */
interface Ended {
  readonly told: boolean;
  readonly forGood: boolean;
}

/** Begins it, and begins it again after the last event when the connection breaks, the token expires, or the server stops. */
export function startLiveStream(options: LiveStreamOptions): LiveStream {
  const { path, operation, caller, readHeaders, retryAfterMs = 300 } = options;
  const listeners = new Set<() => void>();
  const stopping = new AbortController();
  let cursor: string | undefined;
  let state: LiveStreamState = {
    phase: 'OPENING',
    results: 0,
    latest: undefined,
    latestAt: 0,
    headers: {},
  };

  function change(changes: Partial<LiveStreamState>): void {
    state = { ...state, ...changes };
    for (const listener of listeners) listener();
  }

  function show(answer: Answer): void {
    cursor = cursorOf(answer) ?? cursor;
    change({ latest: answer, latestAt: Date.now(), results: state.results + 1 });
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      const { told, forGood } = await connect();
      if (forGood || stopping.signal.aborted) break;
      failures = told ? 0 : failures + 1;
      change({ phase: 'WAITING' });
      // Not all at once, when a server comes back.
      await pause(retryAfterMs * 2 ** Math.min(failures, 4) * (0.5 + Math.random()), stopping.signal);
    }
    change({ phase: 'ENDED' });
  }

  async function connect(): Promise<Ended> {
    const headers = await readHeaders().catch(() => undefined);
    if (!headers || stopping.signal.aborted) return { told: false, forGood: false };
    let told = false;
    let lastWords: Answer | undefined;
    let refusal: Answer | undefined;
    const client = createClient({
      url: path,
      headers: { ...headers },
      retryAttempts: 0,
      fetchFn: async (url: string, init: RequestInit) => {
        const response = await fetch(url, init);
        if (response.headers.get('content-type')?.startsWith('text/event-stream')) return response;
        const answer = parseAnswer(await response.text(), response);
        // Another server, or the same one in a moment, may take it.
        if (response.status < 500) refusal = answer;
        return { ok: false, status: response.status, statusText: response.statusText };
      },
      on: { connected: () => change({ phase: 'OPEN', headers }) },
    });
    const { query, operationName, takesAfter } = operation;
    const variables = { ...operation.variables, ...(takesAfter && cursor && { after: cursor }) };
    const completed = await new Promise<boolean>((resolve) => {
      const stop = client.subscribe(
        { query, variables, ...(operationName && { operationName }) },
        {
          next(result) {
            if (told && comesAgain(result)) lastWords = result;
            else {
              told = true;
              show(result);
            }
          },
          error: () => resolve(false),
          complete: () => resolve(true),
        },
      );
      stopping.signal.addEventListener('abort', () => {
        stop();
        resolve(true);
      });
    });
    client.dispose();
    if (refusal) show(refusal);
    return { told, forGood: refusal !== undefined || (completed && lastWords === undefined) };
  }

  void run();
  return {
    name: operation.name,
    caller,
    state: () => state,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => stopping.abort(),
  };
}

/** Whether a stream that ended with these words can be begun again after its last event. */
function comesAgain({ data, errors }: Answer): boolean {
  const codes = (errors ?? []).map(
    (error) => (error as { extensions?: { code?: unknown } }).extensions?.code,
  );
  const passing = ['UNAUTHENTICATED', 'TOO_SLOW', 'UPSTREAM_UNAVAILABLE'];
  return !data && codes.some((code) => passing.includes(String(code)));
}

function cursorOf({ data }: Answer): string | undefined {
  const [event] = Object.values((data ?? {}) as Record<string, { cursor?: unknown } | null>);
  return typeof event?.cursor === 'string' ? event.cursor : undefined;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
