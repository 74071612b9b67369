export { createHttpLink } from './http-link.ts';
export { createInProcessLink } from './in-process-link.ts';
export { LinkError, type LinkRequest, type LinkResponse, type SubgraphLink } from './link.ts';
