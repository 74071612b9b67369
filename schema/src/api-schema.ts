import type { GraphQLSchema } from 'graphql';
import { compose } from './compose.ts';
import { readSubgraphSdl } from './sdl.ts';

/**
 * The schema that clients see: the composed supergraph without what is inaccessible. Composes anew at each call.
 * @param sdlOf gives the SDL of a subgraph; the committed files unless told otherwise
 */
export function buildApiSchema(sdlOf = readSubgraphSdl): GraphQLSchema {
  return compose(sdlOf).schema.toAPISchema().toGraphQLJSSchema();
}
