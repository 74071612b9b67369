import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  LogController,
} from 'fastify';
import { watchConnections } from './connection-watch.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

export interface HttpServiceOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Adds the routes. */
  readonly routes: (app: FastifyInstance) => void | Promise<void>;
  /** What is not ready, in words for operators; empty when all is. */
  readonly findUnready?: () => Promise<readonly string[]> | readonly string[];
  /**
   * What is missing though the service goes on without it, in words for operators. `/readyz` tells it and still says yes: where
   * it is missing for all replicas, taking them all out of the balancer would help nobody.
   */
  readonly findDegraded?: () => Promise<readonly string[]> | readonly string[];
  /** In bytes; a larger body is answered with 413. */
  readonly bodyLimitBytes?: number;
  /** Whose forwarding headers count, as addresses or CIDR ranges; nobody's unless told otherwise. */
  readonly trustedProxies?: readonly string[];
  /** How long `/readyz` says no before the listener closes, so that balancers look elsewhere. In milliseconds. */
  readonly drainMs?: number;
  /** Ends what would go on for ever, such as streams: called behind `drainMs`, before the listener closes. */
  readonly drain?: () => Promise<void>;
  /** How long requests under way may take after that, before they are cut off. In milliseconds, 30,000 by default. */
  readonly lingerMs?: number;
}

export interface HttpService {
  /** Such as `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Fails readiness, waits `drainMs`, drains, finishes what is under way for up to `lingerMs`, closes. Safe to call twice. */
  stop(): Promise<void>;
}

/** Listens, with `/healthz`, `/readyz` and `/metrics` beside the given routes. */
export async function startHttpService(options: HttpServiceOptions): Promise<HttpService> {
  const {
    host,
    port,
    logger,
    metrics,
    routes,
    findUnready = () => [],
    findDegraded = () => [],
    drainMs = 0,
    drain = async () => {},
    lingerMs = 30_000,
  } = options;
  const app: FastifyInstance = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.bodyLimitBytes ?? 1_048_576,
    trustProxy: options.trustedProxies?.length ? [...options.trustedProxies] : false,
    forceCloseConnections: 'idle',
    // A slow client may take as long for its headers and body, no longer.
    requestTimeout: 30_000,
    // Neither answer repeats the URL, which may carry a signed token.
    frameworkErrors(error, _request, reply: unknown) {
      (reply as FastifyReply).code(error.statusCode ?? 400).send({ message: 'bad request' });
    },
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ message: 'not found' }));
  let stopping = false;

  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const [unready, degraded] = await Promise.all([stopping ? ['stopping'] : findUnready(), findDegraded()]);
    const ready = unready.length === 0;
    return reply.code(ready ? 200 : 503).send({ ready, unready, ...(degraded.length > 0 && { degraded }) });
  });
  app.get('/metrics', async (_request, reply) => {
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  await routes(app);
  const connections = watchConnections(app.server);
  const url = await app.listen({ host, port });
  logger.info({ url }, 'listening');

  const close = async () => {
    stopping = true;
    await new Promise((resolve) => setTimeout(resolve, drainMs));
    await drain();
    const callOffDeadline = connections.finish(lingerMs);
    await app.close();
    callOffDeadline();
    logger.info('stopped');
  };
  let closing: Promise<void> | undefined;
  return {
    url,
    stop: () => {
      closing ??= close();
      return closing;
    },
  };
}
