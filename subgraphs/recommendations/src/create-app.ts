import type { Cursors } from '@medley/connection';
import type { ClaimName, IdentityVerifier } from '@medley/identity';
import { decodeId } from '@medley/ids';
import type { Logger, Metrics } from '@medley/service';
import { createSubgraph, type RequestInfo, type Subgraph } from '@medley/subgraph';
import type { Context } from './context.ts';
import type { ArchiveState, FollowedTopics } from './domain/recommendations-state.ts';
import type { Updates } from './domain/updates.ts';
import { createLoaders } from './loaders.ts';
import { createNote } from './note-absences.ts';
import { resolvers } from './resolvers/index.ts';
import { tellRowsUnavailable } from './tell-rows-unavailable.ts';
import { createUseCases, type Ports } from './use-cases.ts';

/** The claims that this subgraph reads. */
export const reads: readonly ClaimName[] = ['actor', 'market', 'explicit'];

export interface AppDependencies extends Omit<Ports, 'now' | 'note'> {
  readonly followed: FollowedTopics;
  readonly archive: ArchiveState;
  /** What is told when recommendations are others. */
  readonly updates: Updates;
  readonly cursors: Cursors;
  readonly identity: IdentityVerifier;
  readonly logger: Logger;
  /** None: what answers were made without is not counted. */
  readonly metrics?: Metrics;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** The recommendations subgraph, without a transport. */
export function createApp(dependencies: AppDependencies): Promise<Subgraph> {
  const { followed, updates, cursors, identity, logger, metrics, clock = Date.now } = dependencies;
  const now = () => new Date(clock());
  const ports = {
    ...dependencies,
    facts: tellRowsUnavailable(dependencies.facts),
    models: tellRowsUnavailable(dependencies.models),
    archive: tellRowsUnavailable(dependencies.archive),
  };
  const useCases = createUseCases({
    ...ports,
    now,
    note: createNote({ logger, metrics, clock }),
  });
  return createSubgraph<Context>({
    name: 'recommendations',
    resolvers,
    identity,
    logger,
    createContext(request) {
      const viewerId = findViewerId(request);
      return {
        request,
        viewerId,
        useCases,
        loaders: createLoaders(ports, useCases, { request, viewerId, now }),
        models: ports.models,
        followed,
        archive: ports.archive,
        updates,
        cursors,
        now,
      };
    },
  });
}

const findViewerId = ({ actor }: RequestInfo): string | null =>
  actor.kind === 'viewer' ? decodeId(actor.id, 'user') : null;
