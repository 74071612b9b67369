import { unauthenticated } from '@medley/errors';
import { createLogger, createMetrics, startHttpService } from '@medley/service';
import { afterEach } from 'vitest';
import { createMemoryStreamLimiter } from '../../../src/app.ts';
import { graphRoute } from '../../../src/http/graph-route.ts';
import { routeUpgrades } from '../../../src/http/upgrades.ts';
import type { Credential } from '../../../src/identity/credential.ts';
import { createVisitorReader } from '../../../src/identity/read-identity.ts';
import type { OperationRequest } from '../../../src/operation-runner.ts';
import { presentFailure, presentResult } from '../../../src/present.ts';
import { defaultStreamLimits, type StreamLimits } from '../../../src/stream-limits/stream-limits.ts';
import type {
  StreamEnd,
  StreamTransport,
  SubscriptionHandler,
} from '../../../src/subscriptions/subscription-handler.ts';
import { createLiveTransports } from '../../../src/subscriptions/transports/live-transports.ts';
import { createStreamAdmission } from '../../../src/subscriptions/transports/stream-admission.ts';
import type { WebSocketTimes } from '../../../src/subscriptions/transports/websocket-connection.ts';

/** A subscription as its transport opened it: the test says what comes of it. */
export interface FakeStream {
  readonly request: OperationRequest;
  readonly transport: StreamTransport;
  /** Whether the transport closed it. */
  readonly closed: boolean;
  /** How many results were taken. */
  readonly taken: number;
  push(data: unknown): void;
  end(reason: StreamEnd): void;
}

export interface FakeGraphOptions {
  readonly limits?: Partial<StreamLimits>;
  readonly times?: Partial<WebSocketTimes>;
  readonly corsOrigins?: readonly string[];
  readonly drainMs?: number;
}

/**
 * Tokens are `ann`, `bob` and the like; `ann~500` is good for 500 ms from its first use on, `ann+count` has the scope `count`. `forged` and
 * `expired` are not good.
 */
const verifyCredential = async (token: string): Promise<Credential> => {
  const [who = '', lifeMs] = token.split('~');
  const [account, ...scopes] = who.split('+');
  if (account === 'forged') throw unauthenticated('The access token is not valid.');
  if (account === 'expired') throw unauthenticated('The access token has expired.');
  return {
    actor: { kind: 'viewer', id: `user_${account}`, sessionId: 'session_1', scopes },
    country: null,
    explicit: true,
    ...(lifeMs && { expiresAt: Date.now() + Number(lifeMs) }),
  };
};

const stopping: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stopping.splice(0)) await stop();
});

/**
 * The transports over a graph that does what the test says. A subscription whose text has `refuse` is refused, a query whose text has `broken` too. What is
 * told of one with `long` is half a megabyte.
 */
export async function startFakeGraph(options: FakeGraphOptions = {}) {
  const streams: FakeStream[] = [];
  const waiting: (() => void)[] = [];
  let refused = 0;
  const live = new Set<(reason: StreamEnd) => void>();

  const subscriptions: SubscriptionHandler = {
    async open(request, transport) {
      const { query } = request.body as { query: string };
      if (query.includes('refuse')) {
        refused += 1;
        return { refused: presentFailure(unauthenticated('refused by the test'), request.requestId) };
      }
      const texts: string[] = [];
      let ended: StreamEnd | undefined;
      let closed = false;
      let taken = 0;
      let wake = () => {};
      const stream: FakeStream = {
        request,
        transport,
        get closed() {
          return closed;
        },
        get taken() {
          return taken;
        },
        push(data) {
          texts.push(JSON.stringify({ data }));
          wake();
        },
        end(reason) {
          ended ??= reason;
          wake();
        },
      };
      async function* results() {
        for (;;) {
          const text = texts.shift();
          if (closed) return;
          if (text !== undefined) {
            taken += 1;
            yield { value: JSON.parse(text), text };
          } else if (ended) return;
          else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
      }
      streams.push(stream);
      live.add(stream.end);
      for (const told of waiting.splice(0)) told();
      return {
        stream: {
          results: results(),
          get ended() {
            return closed ? undefined : ended;
          },
          close() {
            closed = true;
            live.delete(stream.end);
            wake();
          },
        },
      };
    },
    async drain() {
      for (const end of live) end('DRAINING');
      while (live.size > 0) await new Promise((resolve) => setImmediate(resolve));
    },
  };

  const log: string[] = [];
  const logger = createLogger('router', 'info', { write: (line) => log.push(line) });
  const metrics = createMetrics();
  const readVisitor = createVisitorReader({ verifyCredential, geo: { countryOf: () => null } });
  const operations: OperationRequest[] = [];
  const graph = {
    async handle(request: OperationRequest) {
      operations.push(request);
      try {
        await readVisitor(request);
      } catch (error) {
        return presentFailure(error, request.requestId);
      }
      const { query } = request.body as { query: string };
      const filler = query.includes('long') ? 'x'.repeat(500_000) : '';
      const failed = {
        errors: [{ message: `cannot read ${query}${filler}`, extensions: { code: 'BAD_USER_INPUT' } }],
      };
      const answered = { data: { answer: 42, ...(filler && { filler }) } };
      return presentResult(query.includes('broken') ? failed : answered, request.requestId);
    },
    admitStream: createStreamAdmission({
      subscriptions,
      readVisitor,
      limiter: createMemoryStreamLimiter(),
      limits: { ...defaultStreamLimits, ...options.limits },
      logger,
      metrics,
    }),
    readVisitor,
    limits: { bodyBytes: 20_000, tokens: 1_000 },
    logger,
    clock: Date.now,
  };
  const { corsOrigins = [] } = options;
  const transports = createLiveTransports({
    graph,
    subscriptions,
    corsOrigins,
    metrics,
    webSocketTimes: options.times,
  });
  const service = await startHttpService({
    host: '127.0.0.1',
    port: 0,
    logger,
    metrics,
    bodyLimitBytes: graph.limits.bodyBytes,
    drain: transports.drain,
    drainMs: options.drainMs,
    async routes(app) {
      routeUpgrades(app);
      await app.register(graphRoute({ ...graph, corsOrigins, takesCredentials: true, live: transports }));
    },
  });
  stopping.push(() => service.stop());

  return {
    url: `${service.url}/graphql`,
    webSocketUrl: `${service.url.replace('http', 'ws')}/graphql`,
    /** Those that were opened, in their order. */
    streams,
    operations,
    log,
    /** How many subscriptions were refused. */
    get refused() {
      return refused;
    },
    async stream(index: number): Promise<FakeStream> {
      while (streams.length <= index) await new Promise<void>((resolve) => waiting.push(resolve));
      return streams[index] as FakeStream;
    },
    async readMetric(line: string): Promise<number> {
      const text = await metrics.registry.metrics();
      const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
      return Number(found?.slice(line.length + 1) ?? 0);
    },
    stop: () => service.stop(),
  };
}
