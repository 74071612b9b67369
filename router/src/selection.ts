import {
  type ArgumentNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  valueFromASTUntyped,
} from 'graphql';

/** The values of an operation's variables: those that came, else the defaults. Nothing is checked. */
export function readVariables(
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    values[name] = Object.hasOwn(given, name)
      ? given[name]
      : defaultValue && valueFromASTUntyped(defaultValue);
  }
  return values;
}

/** Whether `@skip` and `@include` let it through. */
export function isSelected({ directives = [] }: SelectionNode, variables: Record<string, unknown>): boolean {
  return directives.every(({ name, arguments: args = [] }) => {
    if (name.value !== 'skip' && name.value !== 'include') return true;
    return (readArgument(args, 'if', variables) === true) === (name.value === 'include');
  });
}

/** The value of an argument; undefined when it is left out. */
export function readArgument(
  args: readonly ArgumentNode[],
  name: string,
  variables: Record<string, unknown>,
): unknown {
  const argument = args.find((candidate) => candidate.name.value === name);
  return argument && valueFromASTUntyped(argument.value, variables);
}

export function findFragments(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return fragments;
}
