import type { Cursors } from '@medley/connection';
import type { ClaimName, IdentityVerifier } from '@medley/identity';
import type { Logger } from '@medley/service';
import { createSubgraph, type Subgraph } from '@medley/subgraph';
import type { Context } from './context.ts';
import { resolvers } from './resolvers/index.ts';

export { type Ingestion, type IngestionOptions, startIngestion } from './ingestion.ts';

/** The claims that this subgraph reads. */
export const reads: readonly ClaimName[] = ['market', 'explicit'];

export interface AppDependencies {
  readonly cursors: Cursors;
  readonly identity: IdentityVerifier;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** The analytics subgraph, without a transport. */
export function createApp(dependencies: AppDependencies): Promise<Subgraph> {
  const { cursors, identity, logger, clock = Date.now } = dependencies;
  return createSubgraph<Context>({
    name: 'analytics',
    resolvers,
    identity,
    logger,
    createContext: (request) => ({ request, cursors, now: () => new Date(clock()) }),
  });
}
