import { RateLimiterMemory } from 'rate-limiter-flexible';
import { type Limits, limits as standardLimits, type Throttle } from '../domain/throttle.ts';
import { createLimiterThrottle } from './limiter-throttle.ts';

/** Counts in this process: for one process, and for tests. */
export function createMemoryThrottle(limits: Limits = standardLimits): Throttle {
  return createLimiterThrottle(
    limits,
    (keyPrefix, { attempts, windowSeconds }) =>
      new RateLimiterMemory({ keyPrefix, points: attempts, duration: windowSeconds }),
  );
}
