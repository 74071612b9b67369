export { buildApiSchema } from './api-schema.ts';
export { type NamedOperation, readOperations } from './operations-list.ts';
export {
  readPublicSdl,
  readPublicSupergraphSdl,
  readSubgraphSdl,
  readSupergraphSdl,
  type SubgraphName,
} from './sdl.ts';
