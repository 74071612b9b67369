import { Redis } from 'ioredis';

export interface RedisOptions {
  /** `redis://…` or `rediss://…`. */
  readonly url: string;
  /** How long one command may take, in milliseconds. */
  readonly commandTimeoutMs: number;
  /** Told once when Redis is lost, or cannot be reached to begin with; not of each try to reach it again. */
  readonly onLost: (error: Error) => void;
  /** Told when it is there again. */
  readonly onBack?: () => void;
}

/**
 * A connection for those who can do without Redis. It never waits for one: connecting goes on in the background, again
 * and again, and meanwhile each command is refused at once. A command whose answer was lost is not sent again, as what
 * it says may no longer be true. `disconnect()` ends it.
 */
export function connectRedis({ url, commandTimeoutMs, onLost, onBack }: RedisOptions): Redis {
  const client = new Redis(url, {
    commandTimeout: commandTimeoutMs,
    connectTimeout: 1_000,
    // A peer that is silent for this long with commands waiting is gone, whatever its socket says.
    socketTimeout: 5_000,
    retryStrategy: (attempt) => Math.min(100 * attempt, 5_000),
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
  });
  let lost = false;
  const lose = (error: Error) => {
    if (!lost) onLost(error);
    lost = true;
  };
  client.on('error', lose);
  client.on('close', () => lose(new Error('Redis closed the connection')));
  client.on('ready', () => {
    if (lost) onBack?.();
    lost = false;
  });
  return client;
}
