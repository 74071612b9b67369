import { connectRedis } from '@medley/redis';
import type { Logger, Metrics } from '@medley/service';
import type { PlaybackSessions } from '../domain/playback-sessions.ts';
import { createGuardedPlaybackSessions } from './guarded-playback-sessions.ts';
import { createMemoryPlaybackSessions } from './memory-playback-sessions.ts';
import { createRedisPlaybackSessions } from './redis-playback-sessions.ts';

export interface OpenPlaybackSessionsOptions {
  /** Shared with the other processes; without it each keeps sessions of its own, which is right for one process only. */
  readonly redisUrl: string | undefined;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** The sessions and queues of a process. */
export function openPlaybackSessions({ redisUrl, metrics, logger }: OpenPlaybackSessionsOptions): {
  readonly store: PlaybackSessions;
  /** What players cannot have just now, in words. */
  readonly findDegraded: () => string[];
  readonly close: () => void;
} {
  if (redisUrl === undefined) {
    logger.warn('no REDIS_URL: playback sessions and queues are in memory, which holds for one replica only');
    const store = createGuardedPlaybackSessions(createMemoryPlaybackSessions(), { metrics });
    return { store, findDegraded: () => [], close() {} };
  }
  let lost = false;
  const client = connectRedis({
    url: redisUrl,
    // A click waits this long for its session at most, and not at all while Redis is known to be down.
    commandTimeoutMs: 100,
    onLost({ message }) {
      lost = true;
      logger.warn({ reason: message }, 'no Redis: tracks play without sessions, queues cannot be read');
    },
    onBack() {
      lost = false;
      logger.info('Redis is back: sessions are kept again');
    },
  });
  return {
    store: createGuardedPlaybackSessions(createRedisPlaybackSessions({ client }), { metrics }),
    findDegraded: () => (lost ? ['Redis does not answer: tracks play without sessions'] : []),
    close: () => client.disconnect(),
  };
}
