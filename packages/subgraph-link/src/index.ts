export { createHttpLink } from './http-link.ts';
export { createInProcessLink } from './in-process-link.ts';
export {
  LinkError,
  type LinkEvent,
  type LinkRequest,
  type LinkResponse,
  type LinkSubscription,
  type LiveSubgraphLink,
  type SubgraphLink,
} from './link.ts';
