import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { type Limits, limits as standardLimits, type Throttle } from '../domain/throttle.ts';
import { createLimiterThrottle } from './limiter-throttle.ts';

/**
 * Counts in Redis, for all processes together. While Redis does not answer, each process counts by itself with the same
 * limits: nobody is locked out, and nobody gets more than so many attempts at each of them.
 * @param client of `connectRedis`
 */
export function createRedisThrottle(client: object, limits: Limits = standardLimits): Throttle {
  return createLimiterThrottle(limits, (keyPrefix, { attempts, windowSeconds }) => {
    const options = { keyPrefix, points: attempts, duration: windowSeconds };
    return new RateLimiterRedis({
      ...options,
      storeClient: client,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory(options),
    });
  });
}
