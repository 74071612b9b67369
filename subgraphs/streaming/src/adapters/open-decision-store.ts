import { connectRedis } from '@medley/redis';
import type { Logger } from '@medley/service';
import type { DecisionStore } from '../domain/decision-record.ts';
import { createMemoryDecisionStore } from './memory-decision-store.ts';
import { createRedisDecisionStore } from './redis-decision-store.ts';

export interface OpenedDecisionStore {
  readonly store: DecisionStore;
  /** Whether all processes have the same; else each has to follow all decisions for itself. */
  readonly shared: boolean;
  readonly close: () => void;
}

/** Where the decisions of a process are found. @param redisUrl undefined for in memory */
export function openDecisionStore({
  redisUrl,
  logger,
}: {
  redisUrl: string | undefined;
  logger: Logger;
}): OpenedDecisionStore {
  if (redisUrl === undefined) return { store: createMemoryDecisionStore(), shared: false, close() {} };
  const client = connectRedis({
    url: redisUrl,
    // Nobody listens to music meanwhile: a batch may take its time.
    commandTimeoutMs: 2_000,
    onLost: ({ message }) => logger.warn({ reason: message }, 'no Redis: decisions cannot be looked up'),
    onBack: () => logger.info('Redis is back: decisions can be looked up'),
  });
  return { store: createRedisDecisionStore({ client }), shared: true, close: () => client.disconnect() };
}
