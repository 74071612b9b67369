import { type ConstDirectiveNode, Kind, parse } from 'graphql';

/** The types that implement Node and that the clients of a composed supergraph see. */
export function findShownNodeTypes(supergraphSdl: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    const isNode = definition.interfaces?.some(({ name }) => name.value === 'Node');
    if (isNode && !isInaccessible(definition)) names.add(definition.name.value);
  }
  return names;
}

const isInaccessible = ({ directives = [] }: { readonly directives?: readonly ConstDirectiveNode[] }) =>
  directives.some(({ name }) => name.value === 'inaccessible');
