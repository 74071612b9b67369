export { readSubgraphSdl, readSupergraphSdl, subgraphNames, type SubgraphName } from './sdl.ts';
export { composeSupergraph, CompositionError } from './compose.ts';
