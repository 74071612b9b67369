import type { Cursors } from '@medley/connection';
import type { SubgraphContext } from '@medley/subgraph';
import type { IndexingMonitor } from './domain/indexing.ts';
import type { SearchIndex } from './domain/search-index.ts';
import type { Loaders } from './loaders.ts';

/** What the resolvers of one request get. */
export interface Context extends SubgraphContext {
  readonly index: SearchIndex;
  readonly loaders: Loaders;
  readonly cursors: Cursors;
  readonly indexing: IndexingMonitor;
}
