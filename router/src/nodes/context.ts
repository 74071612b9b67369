import type { SubgraphContext } from '@medley/subgraph';
import type { ExistenceLoader } from './existence-loader.ts';

export interface Context extends SubgraphContext {
  readonly existence: ExistenceLoader;
  /** The names of the types that clients see; objects of others are not found. */
  readonly shownTypes: ReadonlySet<string>;
}
