export { CompositionError, composeSupergraph } from './compose.ts';
export { readSubgraphSdl, readSupergraphSdl, type SubgraphName, subgraphNames } from './sdl.ts';
