import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  createMetrics,
  type HttpService,
  type Logger,
  type Metrics,
  startHttpService,
} from '@medley/service';
import { createUrlVerifier, type SigningKeys } from '@medley/signed-url';
import type { AnswerAccount } from './answer-account.ts';
import { createOriginClient, OriginError, type Slice } from './cache/origin-client.ts';
import { createSharedOutCache } from './cache/shared-out-cache.ts';
import { createEdgeMetrics } from './edge-metrics.ts';
import { createCrossOriginHeaders } from './http/cross-origin.ts';
import { mountHandler } from './http/mount-handler.ts';
import { readRequestedPath } from './http/requested-path.ts';
import { createRequestHandler } from './request-handler.ts';
import type { EdgeTraffic } from './traffic/traffic-reports.ts';

export interface EdgeOptions {
  /** The same as streaming signs with. */
  readonly keys: SigningKeys;
  /** Such as `http://127.0.0.1:4200`; no client ever sees it. */
  readonly originUrl: string;
  readonly originSecret: string;
  /** Memory for slices, a tenth of it for images. Default 256 MB. */
  readonly cacheBytes?: number;
  /** Origins of pages whose scripts may read answers, such as `https://player.example.com`. Playing needs none. */
  readonly allowedOrigins?: readonly string[];
  /** For one slice. Default 30 s, because a first play may wait until its piece has been rendered. */
  readonly originTimeoutMs?: number;
  /** How long answers under way may take after the listener has closed, before they are cut off. Default 30 s. */
  readonly lingerMs?: number;
  /** How long `/readyz` says no before the listener closes. Default 0. */
  readonly drainMs?: number;
  /** Told of every request, and of every one to the origin. */
  readonly traffic?: EdgeTraffic;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

export interface Edge {
  /** Listens; the service's `stop` fails readiness, drains and closes. */
  start(listen: { port: number; host: string }): Promise<HttpService>;
}

const MEGABYTE = 1024 * 1024;

export function createEdge({
  keys,
  originUrl,
  originSecret,
  cacheBytes = 256 * MEGABYTE,
  allowedOrigins = [],
  originTimeoutMs = 30_000,
  lingerMs = 30_000,
  drainMs = 0,
  traffic,
  logger,
  metrics = createMetrics(),
  clock = Date.now,
}: EdgeOptions): Edge {
  return {
    async start({ port, host }) {
      const edgeMetrics = createEdgeMetrics(metrics);
      const origin = createOriginClient({ originUrl, originSecret, timeoutMs: originTimeoutMs });
      const fetch = async (path: string, first: number, last: number): Promise<Slice> => {
        const stopTimer = edgeMetrics.originSeconds.startTimer();
        try {
          const slice = await origin.fetch(path, first, last);
          edgeMetrics.originFetches.inc({ outcome: 'ok' });
          edgeMetrics.originBytes.inc(slice.bytes.length);
          traffic?.fetched({ path, bytes: slice.bytes.length, failed: false });
          return slice;
        } catch (error) {
          traffic?.fetched({ path, bytes: 0, failed: true });
          edgeMetrics.originFetches.inc({
            outcome: error instanceof OriginError ? String(error.status) : 'error',
          });
          throw error;
        } finally {
          stopTimer();
        }
      };
      const slices = createSharedOutCache({ maxBytes: cacheBytes, fetch });
      const handle = createRequestHandler({
        verifier: createUrlVerifier({ keys, clock }),
        slices,
        crossOriginHeaders: createCrossOriginHeaders(allowedOrigins),
        metrics: edgeMetrics,
        clock,
        onOriginError: ({ status, message }, path) =>
          logger.warn({ status, path, reason: message }, 'origin failed'),
      });

      const serve = async (request: IncomingMessage, response: ServerResponse) => {
        const startedAt = performance.now();
        edgeMetrics.openResponses.inc();
        const account: AnswerAccount = { bytesSent: 0, originBytes: 0 };
        response.once('close', () => {
          edgeMetrics.openResponses.dec();
          edgeMetrics.cacheSize.set(slices.sizeBytes);
          const { kind, path } = readRequestedPath(request.url ?? '');
          // 499 as nginx writes it: the listener left before there was a status.
          const status = response.headersSent ? response.statusCode : 499;
          const bytesSent = readBytesSent(request, response, account);
          const durationMs = performance.now() - startedAt;
          edgeMetrics.requests.inc({ kind, status: String(status) });
          traffic?.answered({
            kind,
            path,
            method: request.method ?? '',
            range: request.headers.range ?? null,
            status,
            bytesSent,
            originBytes: account.originBytes,
            durationMs: Math.round(durationMs),
          });
          logger.info(
            {
              method: request.method,
              path,
              range: request.headers.range,
              status,
              bytes: bytesSent,
              complete: response.writableFinished,
              cache: response.getHeader('x-cache'),
              uid: account.uid,
              ms: Math.round(durationMs),
            },
            'served',
          );
        });
        await handle(request, response, account);
      };

      const service = await startHttpService({
        host,
        port,
        logger,
        metrics,
        drainMs,
        lingerMs,
        routes: (app) => mountHandler(app, ['/audio/*', '/images/*'], serve),
      });
      return {
        url: service.url,
        async stop() {
          await service.stop();
          await origin.close();
        },
      };
    },
  };
}

/** Bytes of the body. What a listener who left had not read yet, half a megabyte at most, counts as sent. */
function readBytesSent(
  request: IncomingMessage,
  response: ServerResponse,
  { bytesSent }: AnswerAccount,
): number {
  if (request.method === 'HEAD') return 0;
  return response.writableFinished ? Number(response.getHeader('content-length') ?? 0) : bytesSent;
}
