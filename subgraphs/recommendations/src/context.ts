import type { Cursors } from '@medley/connection';
import type { SubgraphContext } from '@medley/subgraph';
import type { ModelReader } from './domain/models.ts';
import type { ArchiveState, FollowedTopics } from './domain/recommendations-state.ts';
import type { Updates } from './domain/updates.ts';
import type { Loaders } from './loaders.ts';
import type { UseCases } from './use-cases.ts';

/** What the resolvers of one request get. */
export interface Context extends SubgraphContext {
  /** The account that asks, a UUID; null when nobody is signed in. */
  readonly viewerId: string | null;
  readonly useCases: UseCases;
  readonly loaders: Loaders;
  readonly models: ModelReader;
  readonly followed: FollowedTopics;
  readonly archive: ArchiveState;
  readonly updates: Updates;
  readonly cursors: Cursors;
  readonly now: () => Date;
}
