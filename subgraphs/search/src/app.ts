import type { Cursors } from '@medley/connection';
import type { ClaimName, IdentityVerifier } from '@medley/identity';
import type { Logger, Metrics } from '@medley/service';
import { createSubgraph, type Subgraph } from '@medley/subgraph';
import type { Context } from './context.ts';
import { boundIndex } from './domain/bounded-index.ts';
import type { IndexingMonitor } from './domain/indexing.ts';
import type { SearchIndex } from './domain/search-index.ts';
import { createLoaders } from './loaders.ts';
import { observeIndex } from './observe-index.ts';
import { resolvers } from './resolvers/index.ts';

export { createIndexing, type Indexing, watchSources } from './indexing.ts';

/** The claims that this subgraph reads. */
export const reads: readonly ClaimName[] = ['market', 'explicit'];

export interface AppDependencies {
  readonly index: SearchIndex;
  /** Tells how far the index follows. */
  readonly indexing: IndexingMonitor;
  readonly cursors: Cursors;
  readonly identity: IdentityVerifier;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** How long the index is worth waiting for, in milliseconds: then its fields fail, and the rest of the page lives. */
  readonly indexTimeoutMs?: number;
}

/** The search subgraph, without a transport. */
export function createApp(dependencies: AppDependencies): Promise<Subgraph> {
  const { indexing, cursors, identity, logger, metrics, indexTimeoutMs = 900 } = dependencies;
  const index = observeIndex(boundIndex(dependencies.index, indexTimeoutMs), { logger, metrics });
  return createSubgraph<Context>({
    name: 'search',
    resolvers,
    identity,
    logger,
    createContext: (request) => ({ request, index, loaders: createLoaders(index), cursors, indexing }),
  });
}
