import { composeServices } from '@apollo/composition';
import { type DocumentNode, parse } from 'graphql';
import { readSubgraphSdl, subgraphNames } from './sdl.ts';

/** The subgraphs do not fit together; the message has one line per reason. */
export class CompositionError extends Error {
  constructor(reasons: readonly string[]) {
    super(`the subgraphs do not compose:\n${reasons.map((reason) => `- ${reason}`).join('\n')}`);
    this.name = 'CompositionError';
  }
}

/**
 * Composes the subgraphs' SDL into the supergraph.
 * @param sdlOf gives the SDL of a subgraph; the committed files unless told otherwise
 * @throws CompositionError when they do not fit together
 */
export function composeSupergraph(sdlOf = readSubgraphSdl): string {
  return `${compose(sdlOf).supergraphSdl}\n`;
}

/** @throws CompositionError when they do not fit together */
export function compose(sdlOf: typeof readSubgraphSdl) {
  const result = composeServices(parseSubgraphs(sdlOf));
  if (result.errors) throw new CompositionError(result.errors.map((error) => error.message));
  return result;
}

/** A subgraph as composition takes it. */
export interface ParsedSubgraph {
  readonly name: string;
  readonly typeDefs: DocumentNode;
  readonly url: string;
}

/** All subgraphs, in the order of composition. */
export function parseSubgraphs(sdlOf: typeof readSubgraphSdl): ParsedSubgraph[] {
  return subgraphNames.map((name) => ({
    name,
    typeDefs: parse(sdlOf(name)),
    url: `http://${name}.internal/graphql`,
  }));
}
