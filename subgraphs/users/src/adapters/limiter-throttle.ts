import { createHash } from 'node:crypto';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { Limit, LimitName, Limits, Throttle } from '../domain/throttle.ts';

/** A throttle on one limiter per limit. */
export function createLimiterThrottle(
  limits: Limits,
  createLimiter: (keyPrefix: string, limit: Limit) => RateLimiterAbstract,
): Throttle {
  const limiters = new Map(
    Object.entries(limits).map(([name, limit]) => [name, createLimiter(`users:throttle:${name}`, limit)]),
  );
  const limiterOf = (name: LimitName) => limiters.get(name) as RateLimiterAbstract;
  return {
    async take(limit, key) {
      try {
        await limiterOf(limit).consume(hashKey(key));
        return 0;
      } catch (refusal) {
        // It throws its answer when there are no attempts left, and an Error when something is broken.
        if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
        throw refusal;
      }
    },
    async giveBack(limit, key) {
      await limiterOf(limit).reward(hashKey(key));
    },
    async clear(limit, key) {
      await limiterOf(limit).delete(hashKey(key));
    },
  };
}

// Addresses of people do not lie about in a cache.
const hashKey = (key: string) => createHash('sha256').update(key).digest('base64url');
