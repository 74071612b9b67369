export { idArgument } from './id-argument.ts';
export { referenceUuid } from './reference-uuid.ts';
export type { LiveEvent, RequestInfo, SubgraphContext } from './request-info.ts';
export { requireScope, requireService, requireSignedIn } from './require-actor.ts';
export { startSubgraph } from './start-subgraph.ts';
export { createSubgraph, type Subgraph, type SubgraphOptions } from './subgraph.ts';
