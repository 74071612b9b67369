import type { Cursors } from '@medley/connection';
import type { SubgraphContext } from '@medley/subgraph';
import type { FewAtOnce } from '@medley/timing';
import type { FollowedTopics } from './domain/followed-topics.ts';
import type { Generations } from './domain/generations.ts';
import type { LiveCounts } from './domain/live-counts.ts';
import type { Statistics } from './domain/statistics.ts';
import type { Loaders } from './loaders.ts';

/** What the resolvers of one request get. */
export interface Context extends SubgraphContext {
  readonly statistics: Statistics;
  readonly loaders: Loaders;
  /** Where what analysts ask waits for its turn. */
  readonly analysts: FewAtOnce;
  readonly generations: Pick<Generations, 'find'>;
  readonly followed: FollowedTopics;
  readonly live: LiveCounts;
  readonly cursors: Cursors;
  readonly now: () => Date;
}
