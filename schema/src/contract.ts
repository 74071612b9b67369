import { composeSchemaContract } from '@theguild/federation-composition';
import {
  buildSchema,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  GraphQLSchema,
  lexicographicSortSchema,
  printSchema,
  specifiedDirectives,
  visit,
} from 'graphql';
import { CompositionError, type ParsedSubgraph, parseSubgraphs } from './compose.ts';
import { readSubgraphSdl } from './sdl.ts';

/** Only what has the tag `@tag(name: "public")` is in the contract. */
export const publicContract = { include: new Set(['public']), exclude: new Set<string>() };

export interface Contract {
  /** The whole supergraph, in which all that is not in the contract is `@inaccessible`. */
  readonly supergraphSdl: string;
  /** What third parties see. */
  readonly schema: GraphQLSchema;
}

/**
 * Cuts what third parties may build on from the subgraphs' SDL.
 * @param sdlOf gives the SDL of a subgraph; the committed files unless told otherwise
 * @throws CompositionError when the contract does not hold together, as when a required argument is not in it
 */
export function composePublicContract(sdlOf = readSubgraphSdl): Contract {
  const result = composeSchemaContract(parseTaggedSubgraphs(sdlOf), publicContract);
  if (result.errors) throw new CompositionError(result.errors.map(({ message }) => message));
  const schema = new GraphQLSchema({
    ...buildSchema(result.publicSdl).toConfig(),
    // Directives of the supergraph, such as `@scope`, are not for clients.
    directives: specifiedDirectives,
  });
  return { supergraphSdl: `${result.supergraphSdl.trim()}\n`, schema };
}

/** The contract as `schema/public.graphql` shows it: in an order that only changes with its names. */
export function printContract(schema: GraphQLSchema): string {
  return `# What third parties may build on, at /public/graphql. Written by npm run schema:compose.\n\n${printSchema(
    lexicographicSortSchema(schema),
  )}\n`;
}

/** The subgraphs, each argument with the tags of its field: the library lets only the tags of types hold for what is inside. */
export function parseTaggedSubgraphs(sdlOf: typeof readSubgraphSdl): ParsedSubgraph[] {
  return parseSubgraphs(sdlOf).map((subgraph) => ({
    ...subgraph,
    typeDefs: tagArguments(subgraph.typeDefs),
  }));
}

function tagArguments(document: DocumentNode): DocumentNode {
  return visit(document, {
    FieldDefinition(field): FieldDefinitionNode | undefined {
      const tags = field.directives?.filter(isTag) ?? [];
      if (tags.length === 0) return undefined;
      const tagged = field.arguments?.map((argument) => ({
        ...argument,
        directives: [...(argument.directives ?? []).filter((directive) => !isTag(directive)), ...tags],
      }));
      return { ...field, arguments: tagged };
    },
  });
}

const isTag = ({ name }: ConstDirectiveNode) => name.value === 'tag';
