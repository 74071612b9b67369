export { buildApiSchema } from './api-schema.ts';
export {
  currentTime,
  freshUuid,
  type NamedOperation,
  readOperations,
  withFreshValues,
} from './operations-list.ts';
export {
  readPublicSdl,
  readPublicSupergraphSdl,
  readSubgraphSdl,
  readSupergraphSdl,
  type SubgraphName,
} from './sdl.ts';
export { findViewerFields } from './viewer-fields.ts';
