export { buildApiSchema } from './api-schema.ts';
export { freshUuid, type NamedOperation, readOperations, withFreshUuids } from './operations-list.ts';
export {
  readPublicSdl,
  readPublicSupergraphSdl,
  readSubgraphSdl,
  readSupergraphSdl,
  type SubgraphName,
} from './sdl.ts';
