import { type FragmentDefinitionNode, Kind, parse, type SelectionSetNode } from 'graphql';
import { findFragments } from './selection.ts';

type Path = (string | number)[];

// A page of a thousand tracks without their playability needs no thousand errors.
const maxPaths = 100;

/**
 * The response paths that a fetch of the gateway would have filled, at most 100: `track`, or `_entities.3.playability`
 * for the fields of an entity.
 * @param query as the gateway writes it
 */
export function findFetchedPaths(query: string, variables: Readonly<Record<string, unknown>> = {}): Path[] {
  const document = parse(query, { noLocation: true });
  const fragments = findFragments(document);
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation) return [];
  const representations = variables.representations as readonly { __typename: string }[] | undefined;
  if (!representations) {
    return [...responseKeys(operation.selectionSet, fragments)].map((key) => [key]).slice(0, maxPaths);
  }
  const types = new Set(representations.map(({ __typename }) => __typename));
  const [entities] = operation.selectionSet.selections;
  if (entities?.kind !== Kind.FIELD || !entities.selectionSet) return [];
  const paths: Path[] = [];
  for (const [index, { __typename }] of representations.entries()) {
    // A condition that names none of the types at hand is an interface, or does not matter.
    const applies = (condition: string) => condition === __typename || !types.has(condition);
    for (const key of responseKeys(entities.selectionSet, fragments, applies)) {
      if (paths.length === maxPaths) return paths;
      paths.push(['_entities', index, key]);
    }
  }
  return paths;
}

function responseKeys(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  applies: (typeCondition: string) => boolean = () => true,
  keys = new Set<string>(),
): Set<string> {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      if (selection.name.value !== '__typename') keys.add((selection.alias ?? selection.name).value);
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    const condition = fragment?.typeCondition?.name.value;
    if (fragment && (!condition || applies(condition)))
      responseKeys(fragment.selectionSet, fragments, applies, keys);
  }
  return keys;
}
