import { Redis } from 'ioredis';

/**
 * A connection to Redis that fails fast: a sign-in waits 250 ms for it at most, and not at all while it is down.
 * @param onError is told of each failed connection
 */
export function connectRedis(url: string, onError: (error: Error) => void): Redis {
  const client = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 1_000,
    commandTimeout: 250,
    retryStrategy: (attempt) => Math.min(100 * attempt, 5_000),
  });
  client.on('error', onError);
  return client;
}
