export { idArgument } from './id-argument.ts';
export { referenceUuid } from './reference-uuid.ts';
export type { LiveEvent, RequestInfo, SubgraphContext } from './request-info.ts';
export { requireScope, requireService, requireSignedIn } from './require-actor.ts';
export { startSubgraph } from './start-subgraph.ts';
export {
  createSubgraph,
  type SignedBody,
  type Subgraph,
  type SubgraphOptions,
  type SubgraphResponse,
} from './subgraph.ts';
export type { SubgraphEvent } from './subscriptions.ts';
