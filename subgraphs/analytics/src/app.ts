import type { CacheMetrics } from '@medley/cache';
import type { Cursors } from '@medley/connection';
import { MedleyError } from '@medley/errors';
import type { EventLog } from '@medley/event-log';
import type { ClaimName, IdentityVerifier } from '@medley/identity';
import type { Logger } from '@medley/service';
import { createSubgraph, type Subgraph } from '@medley/subgraph';
import { createFewAtOnce } from '@medley/timing';
import { createCachedStatistics } from './cached-statistics.ts';
import type { Context } from './context.ts';
import type { Generations } from './domain/generations.ts';
import type { LiveCounts } from './domain/live-counts.ts';
import type { Statistics } from './domain/statistics.ts';
import { createFollowedTopics } from './followed-topics.ts';
import type { Ledgers } from './ingestion.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers/index.ts';

export { type DailyWorkOptions, startDailyWork } from './daily-work.ts';
export { type Ingestion, type IngestionOptions, startIngestion } from './ingestion.ts';
export { type Live, type LiveOptions, startLive } from './live/start-live.ts';
export { type RebuildOptions, type Rebuilt, rebuild } from './rebuild.ts';
export { NumbersWouldBeLostError } from './rebuild-places.ts';

/** The claims that this subgraph reads. */
export const reads: readonly ClaimName[] = ['actor', 'market', 'explicit'];

export interface AppDependencies {
  readonly statistics: Statistics;
  readonly generations: Pick<Generations, 'find'>;
  /** What the numbers are counted by. */
  readonly ledgers: Ledgers;
  /** Asked how far counting is behind. */
  readonly log: Pick<EventLog, 'admin'>;
  /** What is told while it is counted. */
  readonly live: LiveCounts;
  readonly cursors: Cursors;
  readonly identity: IdentityVerifier;
  readonly logger: Logger;
  readonly cacheMetrics?: CacheMetrics;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** The analytics subgraph, without a transport. */
export function createApp(dependencies: AppDependencies): Promise<Subgraph> {
  const {
    generations,
    ledgers,
    log,
    live,
    cursors,
    identity,
    logger,
    cacheMetrics,
    clock = Date.now,
  } = dependencies;
  const statistics = createCachedStatistics(dependencies.statistics, { metrics: cacheMetrics });
  const followed = createFollowedTopics(log, ledgers);
  const analysts = createFewAtOnce({
    most: 3,
    mostWaiting: 200,
    refusal: () => new MedleyError('RATE_LIMITED', 'Too many questions at once: ask again in some seconds.'),
  });
  const now = () => new Date(clock());
  return createSubgraph<Context>({
    name: 'analytics',
    resolvers,
    identity,
    logger,
    createContext: (request) => ({
      request,
      statistics,
      loaders: createLoaders(statistics, now),
      analysts,
      generations,
      followed,
      live,
      cursors,
      now,
    }),
  });
}
