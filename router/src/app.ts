import { type HttpService, type Logger, type Metrics, startHttpService } from '@medley/service';
import type { SigningKeys } from '@medley/signing-keys';
import type { LiveSubgraphLink } from '@medley/subgraph-link';
import type { JSONWebKeySet } from 'jose';
import { type ExplorerOptions, explorerRoutes } from './explorer/explorer-routes.ts';
import { createGraph } from './graph.ts';
import { allowHosts } from './http/allowed-hosts.ts';
import { graphRoute } from './http/graph-route.ts';
import { jwksRoute } from './http/jwks-route.ts';
import { createRateObserver } from './http/limit-rate.ts';
import { routeUpgrades } from './http/upgrades.ts';
import type { VerifyCredential } from './identity/credential.ts';
import type { Geo } from './identity/geo-database.ts';
import {
  createAnonymousReader,
  createIdentityReader,
  createVisitorReader,
} from './identity/read-identity.ts';
import { defaultLimits, type Limits, publicLimits } from './limits/limits.ts';
import { createOperationObserver, type HandleOperation } from './operation-handler.ts';
import type { RateLimiter } from './rate-limit/rate-limiter.ts';
import { createMemoryStreamLimiter } from './stream-limits/memory-stream-limiter.ts';
import type { StreamLimiter } from './stream-limits/stream-limiter.ts';
import { defaultStreamLimits, type StreamLimits } from './stream-limits/stream-limits.ts';
import { createFetchObserver, createSubgraphCaller } from './subgraph-caller.ts';
import { type LinkedSubgraph, subgraphReads } from './subgraphs.ts';
import { createStreamObserver } from './subscriptions/stream-observer.ts';
import type { SubscriptionHandler } from './subscriptions/subscription-handler.ts';
import { createLiveTransports } from './subscriptions/transports/live-transports.ts';
import { createStreamAdmission } from './subscriptions/transports/stream-admission.ts';
import type { WebSocketTimes } from './subscriptions/transports/websocket-connection.ts';

export { exampleAddresses } from './explorer/example-addresses.ts';
export type { ExplorerOptions, Persona } from './explorer/explorer-routes.ts';
export type { Credential, VerifyCredential } from './identity/credential.ts';
export { fetchJwks } from './identity/fetch-jwks.ts';
export { type Geo, openGeoDatabase } from './identity/geo-database.ts';
export { createJwksCache, type JwksCache } from './identity/jwks-cache.ts';
export { createTokenVerifier } from './identity/token-verifier.ts';
export { defaultLimits, type Limits, publicLimits } from './limits/limits.ts';
export type { HandleOperation } from './operation-handler.ts';
export type { OperationRequest } from './operation-runner.ts';
export type { OperationResponse } from './present.ts';
export { createMemoryRateLimiter, createRedisRateLimiter } from './rate-limit/counting-rate-limiter.ts';
export type { RateLimiter, RatePolicy, RateState } from './rate-limit/rate-limiter.ts';
export { createMemoryStreamLimiter } from './stream-limits/memory-stream-limiter.ts';
export { createRedisStreamLimiter } from './stream-limits/redis-stream-limiter.ts';
export type { StreamLimiter } from './stream-limits/stream-limiter.ts';
export { defaultStreamLimits, type StreamLimits } from './stream-limits/stream-limits.ts';
export { type LinkedSubgraph, subgraphReads } from './subgraphs.ts';

/** The part of the graph that third parties build on, without credentials, at `/public/graphql`. */
export interface PublicGraphOptions {
  /** Composed, as in schema/public-supergraph.graphql. */
  readonly supergraphSdl: string;
  /** Counts requests by the client's address. It belongs to the caller. */
  readonly rateLimiter: RateLimiter;
  readonly limits?: Partial<Limits>;
}

export interface RouterOptions {
  /** Composed, as in schema/supergraph.graphql. */
  readonly supergraphSdl: string;
  /** What depends on who asks, by `findViewerFields` of @medley/schema. Unless it is told, each subscription runs for one viewer alone. */
  readonly viewerFields?: ReadonlySet<string>;
  readonly links: Readonly<Record<LinkedSubgraph, LiveSubgraphLink>>;
  /** What the identity for each subgraph is signed with: keys that this subgraph shares with the router alone. */
  readonly identityKeys: Readonly<Record<LinkedSubgraph, SigningKeys>>;
  readonly verifyCredential: VerifyCredential;
  readonly geo: Geo;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly limits?: Partial<Limits>;
  /** Not served unless given. */
  readonly publicGraph?: PublicGraphOptions;
  /** How long one answer of a subgraph may take, in milliseconds. */
  readonly upstreamTimeoutMs?: number;
  /** How long a whole operation may take, in milliseconds. */
  readonly operationTimeoutMs?: number;
  /** Operations that are planned at the start. */
  readonly operations?: readonly string[];
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

export interface RouterHttpOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Whose forwarding headers count, as addresses or CIDR ranges. */
  readonly trustedProxies?: readonly string[];
  readonly corsOrigins?: readonly string[];
  /** The names that it answers to, without a port; any name unless given. */
  readonly allowedHosts?: readonly string[];
  readonly readJwks?: () => Promise<JSONWebKeySet>;
  /** How long `/readyz` says no before the listener closes, in milliseconds. */
  readonly drainMs?: number;
  /** Subscriptions of clients. */
  readonly streams?: StreamOptions;
  /** Serves the explorer at `/explorer`, and at `/` what this is. */
  readonly explorer?: ExplorerOptions;
}

export interface StreamOptions {
  /** Counts those that are open; in this process unless given. It belongs to the caller. */
  readonly limiter?: StreamLimiter;
  /** How many may be open at the same time. */
  readonly limits?: Partial<StreamLimits>;
  readonly webSocketTimes?: Partial<WebSocketTimes>;
}

export interface Router {
  /** Answers one operation, without a transport. */
  readonly execute: HandleOperation;
  /** The same for the public graph, not limited by address; undefined where it is not served. */
  readonly executePublic: HandleOperation | undefined;
  /** Runs subscriptions of the whole graph, without a transport. */
  readonly subscriptions: SubscriptionHandler | undefined;
  /** Listens. Stopping the service stops the router too. */
  start(options: RouterHttpOptions): Promise<HttpService>;
  /** For a router that was not started. The links stay open: they belong to the caller. */
  stop(): Promise<void>;
}

/** The router, ready to answer: schemas loaded, named operations planned. */
export async function createRouter(options: RouterOptions): Promise<Router> {
  const { links, identityKeys, verifyCredential, geo, logger, metrics, publicGraph } = options;
  const { upstreamTimeoutMs = 5_000, operationTimeoutMs = 10_000, clock = Date.now } = options;

  const observeFetch = createFetchObserver(metrics);
  const toCaller = (name: LinkedSubgraph | 'nodes', link: LiveSubgraphLink, keys: SigningKeys) =>
    createSubgraphCaller({
      name,
      link,
      keys,
      reads: subgraphReads[name],
      timeoutMs: upstreamTimeoutMs,
      logger,
      observe: observeFetch,
      clock,
    });
  const shared = {
    callers: {
      analytics: toCaller('analytics', links.analytics, identityKeys.analytics),
      catalog: toCaller('catalog', links.catalog, identityKeys.catalog),
      playlists: toCaller('playlists', links.playlists, identityKeys.playlists),
      recommendations: toCaller('recommendations', links.recommendations, identityKeys.recommendations),
      search: toCaller('search', links.search, identityKeys.search),
      streaming: toCaller('streaming', links.streaming, identityKeys.streaming),
      users: toCaller('users', links.users, identityKeys.users),
    },
    toCaller,
    operationTimeoutMs,
    logger,
    observe: createOperationObserver(metrics),
    observeStreams: createStreamObserver(metrics),
    clock,
  };

  const whole = await createGraph({
    ...shared,
    name: 'whole',
    supergraphSdl: options.supergraphSdl,
    viewerFields: options.viewerFields,
    readIdentity: createIdentityReader({ verifyCredential, geo }),
    limits: { ...defaultLimits, ...options.limits },
    operations: options.operations ?? [],
  });
  const open =
    publicGraph &&
    (await createGraph({
      ...shared,
      name: 'public',
      supergraphSdl: publicGraph.supergraphSdl,
      readIdentity: createAnonymousReader({ geo }),
      limits: { ...publicLimits, ...publicGraph.limits },
      operations: [],
    }));
  const stop = async () => {
    await whole.stop();
    await open?.stop();
  };

  return {
    execute: whole.handle,
    executePublic: open?.handle,
    subscriptions: whole.subscriptions,
    stop,
    async start({ corsOrigins = [], allowedHosts, readJwks, explorer, streams = {}, ...http }) {
      const { subscriptions } = whole;
      const readVisitor = createVisitorReader({ verifyCredential, geo });
      const { limiter = createMemoryStreamLimiter(), webSocketTimes } = streams;
      const limits = { ...defaultStreamLimits, ...streams.limits };
      const live =
        subscriptions &&
        createLiveTransports({
          graph: {
            handle: whole.handle,
            admitStream: createStreamAdmission({
              subscriptions,
              readVisitor,
              limiter,
              limits,
              logger,
              metrics,
            }),
            readVisitor,
            limits: whole.limits,
            logger,
            clock,
          },
          subscriptions,
          corsOrigins,
          metrics,
          webSocketTimes,
        });
      const service = await startHttpService({
        ...http,
        logger,
        metrics,
        bodyLimitBytes: whole.limits.bodyBytes,
        drain: live?.drain,
        async routes(app) {
          if (allowedHosts) allowHosts(app, allowedHosts);
          if (live) routeUpgrades(app);
          await app.register(graphRoute({ ...whole, corsOrigins, takesCredentials: true, live }));
          if (open && publicGraph) {
            const rateLimit = { limiter: publicGraph.rateLimiter, observe: createRateObserver(metrics) };
            const route = graphRoute({ ...open, corsOrigins: '*', takesCredentials: false, rateLimit });
            await app.register(route, { prefix: '/public' });
          }
          if (readJwks) jwksRoute(app, readJwks);
          if (explorer) await app.register(explorerRoutes(explorer));
        },
      });
      return {
        url: service.url,
        async stop() {
          await service.stop();
          await stop();
        },
      };
    },
  };
}
