import type { Cursors } from '@medley/connection';
import type { SubgraphContext } from '@medley/subgraph';
import type { SearchIndex } from './domain/search-index.ts';

/** What the resolvers of one request get. */
export interface Context extends SubgraphContext {
  readonly index: SearchIndex;
  readonly cursors: Cursors;
}
