import type { SubgraphContext } from '@medley/subgraph';
import type { ExistenceLoader } from './existence-loader.ts';

export interface Context extends SubgraphContext {
  readonly existence: ExistenceLoader;
}
