import { createHash } from 'node:crypto';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import type { RateLimiter, RatePolicy } from './rate-limiter.ts';

const prefix = 'router:rate';

/** Counts in this process: for one process, and for tests. */
export function createMemoryRateLimiter(policy: RatePolicy): RateLimiter {
  return createRateLimiter(policy, new RateLimiterMemory(toOptions(policy)));
}

/**
 * Counts in Redis, for all replicas together. While Redis does not answer, each replica counts by itself with the same
 * policy: nobody is locked out, and nobody is unlimited.
 * @param client of `connectRedis`
 */
export function createRedisRateLimiter(client: object, policy: RatePolicy): RateLimiter {
  const options = toOptions(policy);
  const limiter = new RateLimiterRedis({
    ...options,
    storeClient: client,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(options),
    // Who is over the limit costs Redis nothing more.
    inMemoryBlockOnConsumed: policy.requests + 1,
  });
  return createRateLimiter(policy, limiter);
}

const toOptions = ({ requests, windowSeconds }: RatePolicy) => ({
  keyPrefix: prefix,
  points: requests,
  duration: windowSeconds,
});

function createRateLimiter(policy: RatePolicy, limiter: RateLimiterAbstract): RateLimiter {
  const toState = (allowed: boolean, { remainingPoints, msBeforeNext }: RateLimiterRes) => ({
    allowed,
    remaining: allowed ? remainingPoints : 0,
    resetMs: Math.max(1, msBeforeNext),
  });
  return {
    policy,
    async take(key) {
      try {
        return toState(true, await limiter.consume(hashKey(key)));
      } catch (refusal) {
        // It throws its answer when there is nothing left, and an Error when something is broken.
        if (refusal instanceof RateLimiterRes) return toState(false, refusal);
        throw refusal;
      }
    },
  };
}

// Addresses of people do not lie about in a cache.
const hashKey = (key: string) => createHash('sha256').update(key).digest('base64url');
