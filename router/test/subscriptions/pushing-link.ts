import type { IdentityClaims } from '@medley/identity';
import {
  LinkError,
  type LinkEvent,
  type LinkRequest,
  type LinkSubscription,
  type LiveSubgraphLink,
  type SubgraphLink,
} from '@medley/subgraph-link';

/** A stream that was begun at a subgraph: the test says what comes of it. */
export interface PushedStream {
  readonly claims: IdentityClaims;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** How often an event was asked for. */
  readonly pulls: number;
  /** Whether nobody wants it any more. */
  readonly left: boolean;
  /** Resolves when nobody wants it any more, or the test has ended it. */
  readonly whenLeft: Promise<void>;
  /** Resolves when so many events were asked for. */
  whenPulled(times: number): Promise<void>;
  accept(): void;
  refuse(code: string, message?: string): void;
  /** It cannot be begun. */
  unreachable(): void;
  push(data: unknown, cursor: string, options?: { replaces?: boolean; errors?: unknown[] }): void;
  /** Ends it for good, with an error where there is a code. */
  end(code?: string): void;
  /** Breaks the link. */
  break(): void;
}

export interface PushingLink extends LiveSubgraphLink {
  readonly streams: readonly PushedStream[];
  /** Resolves with the stream that is begun as this one, the first is 0. */
  stream(index: number): Promise<PushedStream>;
}

/** A link whose subscriptions are pushed by the test; all else goes the way of the inner one. */
export function createPushingLink(inner: SubgraphLink): PushingLink {
  const streams: PushedStream[] = [];
  const waiting: { index: number; resolve: (stream: PushedStream) => void }[] = [];
  return {
    ...inner,
    streams,
    stream(index) {
      const stream = streams[index];
      if (stream) return Promise.resolve(stream);
      return new Promise((resolve) => waiting.push({ index, resolve }));
    },
    subscribe(request) {
      const { stream, begun } = createPushedStream(request);
      streams.push(stream);
      for (const { index, resolve } of waiting) if (index === streams.length - 1) resolve(stream);
      return begun;
    },
  };
}

type Item = LinkEvent | 'end' | 'break';

function createPushedStream({ body, identity, signal }: LinkRequest) {
  const { query, variables = {} } = JSON.parse(body);
  const claims = JSON.parse(Buffer.from(identity.split('.')[2] ?? '', 'base64url').toString());
  const items: Item[] = [];
  const waiters = new Set<() => void>();
  const wake = () => {
    for (const waiter of waiters) waiter();
    waiters.clear();
  };
  const changed = () => new Promise<void>((resolve) => waiters.add(resolve));
  let pulls = 0;
  signal.addEventListener('abort', wake);
  let settle: { resolve(answer: LinkSubscription): void; reject(error: Error): void };
  const begun = new Promise<LinkSubscription>((resolve, reject) => {
    settle = { resolve, reject };
  });

  async function* events(): AsyncGenerator<LinkEvent> {
    for (;;) {
      pulls += 1;
      wake();
      while (items.length === 0 && !signal.aborted) await changed();
      if (signal.aborted) return;
      const item = items.shift();
      if (item === 'break') throw new LinkError('UPSTREAM_UNAVAILABLE', 'broken by the test');
      if (item === 'end' || !item) return;
      yield item;
    }
  }
  const put = (item: Item) => {
    items.push(item);
    wake();
  };
  const bodyOf = (code: string, message: string) =>
    JSON.stringify({ data: null, errors: [{ message, extensions: { code } }] });

  let leave = () => {};
  const whenLeft = new Promise<void>((resolve) => {
    leave = resolve;
  });
  signal.addEventListener('abort', leave);

  const stream: PushedStream = {
    claims,
    query,
    variables,
    get pulls() {
      return pulls;
    },
    get left() {
      return signal.aborted;
    },
    whenLeft,
    async whenPulled(times) {
      while (pulls < times) await changed();
    },
    accept: () => settle.resolve({ events: events() }),
    refuse(code, message = 'refused') {
      settle.resolve({ refusal: bodyOf(code, message) });
      leave();
    },
    unreachable() {
      settle.reject(new LinkError('UPSTREAM_UNAVAILABLE', 'out of reach by the test'));
      leave();
    },
    push: (data, cursor, { replaces = false, errors } = {}) =>
      put({ body: JSON.stringify({ data, ...(errors && { errors }) }), cursor, replaces }),
    end(code) {
      if (code) put({ body: bodyOf(code, 'ended'), replaces: false });
      put('end');
      leave();
    },
    break() {
      put('break');
      leave();
    },
  };
  return { stream, begun };
}
