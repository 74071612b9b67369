import { composeServices } from '@apollo/composition';
import { type GraphQLSchema, parse } from 'graphql';
import { CompositionError } from './compose.ts';
import { readSubgraphSdl, subgraphNames } from './sdl.ts';

/** The schema that clients see: the composed supergraph without what is inaccessible. Composes anew at each call. */
export function buildApiSchema(): GraphQLSchema {
  const result = composeServices(
    subgraphNames.map((name) => ({
      name,
      typeDefs: parse(readSubgraphSdl(name)),
      url: `http://${name}.internal/graphql`,
    })),
  );
  if (result.errors) throw new CompositionError(result.errors.map((error) => error.message));
  return result.schema.toAPISchema().toGraphQLJSSchema();
}
