import { addressKey } from '@medley/addresses';
import { MedleyError } from '@medley/errors';
import type { Metrics } from '@medley/service';
import type { FastifyInstance } from 'fastify';
import type { RateLimiter } from '../rate-limit/rate-limiter.ts';

/** What tells clients how much is left, by draft-ietf-httpapi-ratelimit-headers-10. */
export const rateLimitHeaders = ['ratelimit', 'ratelimit-policy', 'retry-after'];

/** Told of each request whether it was let through. */
export type RateObserver = (outcome: 'allowed' | 'refused') => void;

export function createRateObserver(metrics: Metrics): RateObserver {
  const requests = metrics.counter(
    'medley_router_limited_requests_total',
    'Requests to the public graph, by whether the limit of their address let them through.',
    ['outcome'],
  );
  return (outcome) => requests.inc({ outcome });
}

/** Refuses requests of an address that has sent too many, before their bodies are read. */
export function limitRate(app: FastifyInstance, limiter: RateLimiter, observe: RateObserver): void {
  const { requests, windowSeconds } = limiter.policy;
  const policy = `"address";q=${requests};w=${windowSeconds}`;
  app.addHook('onRequest', async (request, reply) => {
    const { allowed, remaining, resetMs } = await limiter.take(addressKey(request.ip));
    const resetSeconds = Math.ceil(resetMs / 1_000);
    observe(allowed ? 'allowed' : 'refused');
    reply.headers({
      'ratelimit-policy': policy,
      ratelimit: `"address";r=${remaining};t=${resetSeconds}`,
      ...(!allowed && { 'retry-after': String(resetSeconds) }),
    });
    if (allowed) return;
    throw new MedleyError(
      'RATE_LIMITED',
      `There were more than ${requests} requests in ${windowSeconds} seconds from your address. Ask again in ${resetSeconds} seconds.`,
      { retryAfterMs: resetMs },
    );
  });
}
