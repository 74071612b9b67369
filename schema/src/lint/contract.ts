import type { GraphQLSchema } from 'graphql';
import { descriptionsOf } from './descriptions.ts';
import { isEntity, objectTypesOf } from './entities.ts';
import { hasDirective, type LintRule } from './rule.ts';

/**
 * A tag on a type holds for all that any subgraph puts into it. To entities others add fields, so these are tagged one
 * by one: else a field that another subgraph adds one day would be public without anybody having decided it.
 */
export const entitiesAreTaggedByField: LintRule = function* ({ subgraphs }) {
  for (const document of subgraphs.values()) {
    for (const type of objectTypesOf(document)) {
      if (isEntity(type) && hasDirective(type, 'tag'))
        yield `${type.name.value}: other subgraphs may add to an entity, so its fields are tagged one by one`;
    }
  }
};

/** Who reads the contract finds what its descriptions name in backticks; and they tell of nothing that is not in it. */
export const contractNamesNothingElse: LintRule = function* ({ api, contract }) {
  const shown = namesOf(contract);
  const hidden = new Set([...namesOf(api)].filter((name) => !shown.has(name)));
  for (const [coordinate, description] of descriptionsOf(contract)) {
    for (const [, code = ''] of description.matchAll(/`([^`]+)`/g)) {
      const name = code.match(/[A-Za-z]\w*(\.\w+)?/g)?.find((word) => hidden.has(word));
      if (name)
        yield `${coordinate}: it is in the public contract, and its description names ${name}, which is not`;
    }
  }
};

/** `Track`, `Track.title`, `title`, `first`: all that a description may name. */
function namesOf(schema: GraphQLSchema): Set<string> {
  const coordinates = [...descriptionsOf(schema).keys()];
  return new Set(coordinates.flatMap((coordinate) => [coordinate, ...coordinate.split(/[.(:)]+/)]));
}
