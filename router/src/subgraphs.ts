import type { ClaimName } from '@medley/identity';
import type { SubgraphName } from '@medley/schema';

/** The subgraphs that are asked over a link; `nodes` is the router's own. */
export type LinkedSubgraph = Exclude<SubgraphName, 'nodes'>;

/**
 * The claims that each subgraph declares to read; it gets no others, so that equal questions of different people stay
 * equal where the answer does not depend on them. A mutation tells each who asks.
 */
export const subgraphReads: Readonly<Record<SubgraphName, readonly ClaimName[]>> = {
  analytics: ['actor', 'market', 'explicit'],
  catalog: ['market', 'explicit'],
  // It asks the others in the viewer's name.
  nodes: ['actor', 'market', 'marketSource', 'explicit', 'clientAddress'],
  playlists: ['actor', 'market', 'explicit'],
  recommendations: ['actor', 'market', 'explicit'],
  search: ['market', 'explicit'],
  streaming: ['actor', 'market', 'marketSource', 'explicit'],
  users: ['actor', 'clientAddress'],
};
