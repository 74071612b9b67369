import { type ConstDirectiveNode, Kind, parse, valueFromASTUntyped } from 'graphql';

/** Scopes, all of one inner list of which must be held. */
export type AnyOf = readonly (readonly string[])[];

/** What `@scope` says in a supergraph, by `Type` and by `Type.field`. */
export type ScopeRules = ReadonlyMap<string, AnyOf>;

/** Reads the `@scope` directives of a composed supergraph. */
export function findScopeRules(supergraphSdl: string): ScopeRules {
  const rules = new Map<string, AnyOf>();
  const note = (coordinate: string, directives: readonly ConstDirectiveNode[] = []) => {
    const scope = directives.find(({ name }) => name.value === 'scope');
    const anyOf = scope?.arguments?.find(({ name }) => name.value === 'anyOf');
    if (anyOf) rules.set(coordinate, valueFromASTUntyped(anyOf.value) as AnyOf);
  };
  for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION)
      continue;
    note(definition.name.value, definition.directives);
    for (const field of definition.fields ?? []) {
      note(`${definition.name.value}.${field.name.value}`, field.directives);
    }
  }
  return rules;
}
