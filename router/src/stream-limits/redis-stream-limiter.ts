import { createHash, randomBytes } from 'node:crypto';
import type { StreamLimiter } from './stream-limiter.ts';

/** What it needs of a client of `connectRedis`. */
export interface RedisScripts {
  eval(script: string, keys: number, ...keysAndArguments: (string | number)[]): Promise<unknown>;
}

/**
 * Counts in Redis, for all replicas together. A slot is a lease: a process that dies without a word gives its slots back by renewing them no more.
 * While Redis does not answer, each replica counts its own streams with the same limit: nobody is locked out, and nobody is unlimited. What was
 * taken meanwhile, or was lost with a Redis that lost its memory, counts again with the next renewal.
 * @param leaseMs how long a slot is kept that is not renewed, in milliseconds; renewed three times in it
 */
export function createRedisStreamLimiter(client: RedisScripts, { leaseMs = 60_000 } = {}): StreamLimiter {
  const leases = new Map<string, Set<string>>();

  const renewal = setInterval(() => {
    for (const [holder, ids] of leases) {
      const all = [...ids];
      for (let start = 0; start < all.length; start += idsInACommand) {
        run(renewScript, holder, leaseMs, ...all.slice(start, start + idsInACommand));
      }
    }
  }, leaseMs / 3);
  renewal.unref();

  /** Whoever counts on Redis is told by its connection that it is away; a lease that was not given back ends by itself. */
  function run(script: string, holder: string, ...parameters: (string | number)[]): void {
    client.eval(script, 1, keyOf(holder), ...parameters).catch(() => {});
  }

  function remember(holder: string, id: string): () => void {
    const ids = leases.get(holder) ?? new Set();
    leases.set(holder, ids.add(id));
    return () => {
      if (!ids.delete(id)) return;
      if (ids.size === 0) leases.delete(holder);
      run(releaseScript, holder, id);
    };
  }

  return {
    async take(holder, limit) {
      // Before the answer of Redis, so that those who come at once see each other while it is away.
      if ((leases.get(holder)?.size ?? 0) >= limit) return undefined;
      const id = randomBytes(12).toString('base64url');
      const release = remember(holder, id);
      try {
        if ((await client.eval(takeScript, 1, keyOf(holder), leaseMs, limit, id)) === 1) return release;
      } catch {
        return release;
      }
      release();
      return undefined;
    },
    async stop() {
      clearInterval(renewal);
      const given = [...leases].map(([holder, ids]) =>
        client.eval(releaseScript, 1, keyOf(holder), ...ids).catch(() => {}),
      );
      leases.clear();
      await Promise.all(given);
    },
  };
}

// A script of Redis holds everybody up, and has a limited stack for its arguments.
const idsInACommand = 500;

// Who people are does not lie about in a cache.
const keyOf = (holder: string) => `router:streams:${createHash('sha256').update(holder).digest('base64url')}`;

// The clock of Redis, as those of the replicas differ.
const readClock = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** KEYS: the holder; ARGV: the lease in ms, the limit, an id. */
const takeScript = `${readClock}
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
  if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
  redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[3])
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  return 1
`;

/** KEYS: the holder; ARGV: the lease in ms, ids. */
const renewScript = `${readClock}
  for index = 2, #ARGV do redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[index]) end
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
`;

/** KEYS: the holder; ARGV: ids. */
const releaseScript = `redis.call('ZREM', KEYS[1], unpack(ARGV))`;
