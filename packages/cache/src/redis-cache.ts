import { connectRedis } from '@medley/redis';
import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleAll,
} from 'cockatiel';
import type { Cache } from './cache.ts';
import { type CacheMetrics, createCacheMetrics } from './cache-metrics.ts';

export interface RedisCacheOptions {
  /** `redis://…` or `rediss://…`. */
  readonly url: string;
  /** How long a read or a write is worth waiting for, in milliseconds; 50 unless told otherwise. */
  readonly timeoutMs?: number;
  readonly metrics?: CacheMetrics;
  /** Told once when Redis is lost. */
  readonly onLost: (error: Error) => void;
  readonly onBack?: () => void;
}

/**
 * A cache that processes share. A dead Redis costs nothing, a slow one at most the timeout for the first few operations:
 * after five failures in a row it is left alone, and tried by one operation after a quarter of a second, then twice as
 * long, up to five seconds.
 */
export function createRedisCache(options: RedisCacheOptions): Cache {
  const { url, timeoutMs = 50, metrics = createCacheMetrics(), onLost, onBack } = options;
  const client = connectRedis({ url, commandTimeoutMs: timeoutMs, onLost, onBack });
  const breaker = circuitBreaker(handleAll, {
    breaker: new ConsecutiveBreaker(5),
    halfOpenAfter: new ExponentialBackoff({ initialDelay: 250, maxDelay: 5_000 }),
  });

  async function attempt<Result, Failed>(
    operation: string,
    work: () => Promise<Result>,
    failed: Failed,
  ): Promise<Result | Failed> {
    const stop = metrics.seconds.startTimer({ operation });
    try {
      return await breaker.execute(work);
    } catch (error) {
      metrics.errors.inc({ operation, reason: reasonOf(error) });
      return failed;
    } finally {
      stop();
    }
  }

  return {
    getMany: async (keys) =>
      keys.length === 0 ? [] : attempt('get', () => client.mget([...keys]), Array(keys.length).fill(null)),

    async setMany(entries) {
      if (entries.length === 0) return;
      // What must not wait for the outcome of a trial: a deletion that comes later could overtake it.
      if (breaker.state !== CircuitState.Closed) {
        metrics.errors.inc({ operation: 'set', reason: 'refused' });
        return;
      }
      const work = async () => {
        const pipeline = client.pipeline();
        for (const { key, value, ttlMs } of entries) pipeline.set(key, value, 'PX', ttlMs);
        for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
      };
      await attempt('set', work, undefined);
    },

    async deleteMany(keys) {
      if (keys.length === 0) return true;
      const work = async () => {
        await client.unlink([...keys]);
        return true;
      };
      return attempt('delete', work, false);
    },

    close: () => client.disconnect(),
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof BrokenCircuitError) return 'refused';
  const { message } = error as Error;
  if (message === 'Command timed out') return 'timeout';
  return /writeable|closed|retries|ECONN|EPIPE/i.test(message) ? 'unreachable' : 'other';
}
