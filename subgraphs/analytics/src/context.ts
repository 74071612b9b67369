import type { Cursors } from '@medley/connection';
import type { SubgraphContext } from '@medley/subgraph';

/** What the resolvers of one request get. */
export interface Context extends SubgraphContext {
  readonly cursors: Cursors;
  readonly now: () => Date;
}
