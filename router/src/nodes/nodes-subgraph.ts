import type { IdentityVerifier } from '@medley/identity';
import type { Logger } from '@medley/service';
import { createSubgraph, type Subgraph } from '@medley/subgraph';
import type { SubgraphCaller } from '../subgraph-caller.ts';
import type { LinkedSubgraph } from '../subgraphs.ts';
import type { Context } from './context.ts';
import { createExistenceLoader } from './existence-loader.ts';
import { resolvers } from './resolvers.ts';

/**
 * The router's own subgraph: `node` and `nodes`. It is asked like all others, in process.
 * @param callers the owners of the objects
 * @param shownTypes the names of the types that clients see: ids of others are null
 */
export function createNodesSubgraph({
  callers,
  shownTypes,
  identity,
  logger,
}: {
  callers: Readonly<Record<LinkedSubgraph, SubgraphCaller>>;
  shownTypes: ReadonlySet<string>;
  identity: IdentityVerifier;
  logger: Logger;
}): Promise<Subgraph> {
  return createSubgraph<Context>({
    name: 'nodes',
    resolvers,
    createContext: (request) => ({ request, existence: createExistenceLoader(callers, request), shownTypes }),
    identity,
    logger,
  });
}
