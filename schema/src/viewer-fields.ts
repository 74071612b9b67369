import { type DirectiveNode, type DocumentNode, parse, valueFromASTUntyped } from 'graphql';
import { readSubgraphSdl, subgraphNames } from './sdl.ts';

/**
 * What depends on who asks, as `Type` and `Type.field`: it says `@cacheControl(scope: PRIVATE)` in a subgraph. Composition leaves the
 * directive out, so it cannot be read from the supergraph.
 * @param sdlOf gives the SDL of a subgraph; the committed files unless told otherwise
 */
export function findViewerFields(sdlOf = readSubgraphSdl): ReadonlySet<string> {
  return new Set(
    subgraphNames.flatMap((name) => [...findViewerFieldsOf(parse(sdlOf(name), { noLocation: true }))]),
  );
}

/** What one subgraph says so of. */
export function findViewerFieldsOf({ definitions }: DocumentNode): ReadonlySet<string> {
  const found = new Set<string>();
  for (const definition of definitions) {
    if (!('name' in definition) || !definition.name) continue;
    const typeName = definition.name.value;
    if ('directives' in definition && isPrivate(definition.directives)) found.add(typeName);
    if (!('fields' in definition)) continue;
    for (const field of definition.fields ?? []) {
      if (isPrivate(field.directives)) found.add(`${typeName}.${field.name.value}`);
    }
  }
  return found;
}

function isPrivate(directives: readonly DirectiveNode[] = []): boolean {
  return directives.some(
    ({ name, arguments: args = [] }) =>
      name.value === 'cacheControl' &&
      args.some(
        (argument) => argument.name.value === 'scope' && valueFromASTUntyped(argument.value) === 'PRIVATE',
      ),
  );
}
