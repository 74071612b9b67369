export { buildApiSchema } from './api-schema.ts';
export { CompositionError, composeSupergraph } from './compose.ts';
export { type NamedOperation, readOperations } from './operations-list.ts';
export { readSubgraphSdl, readSupergraphSdl, type SubgraphName, subgraphNames } from './sdl.ts';
