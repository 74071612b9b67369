import {
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { findFragments, isSelected, readVariables } from '../selection.ts';
import type { AnyOf, ScopeRules } from './scope-rules.ts';

interface Operation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The scopes that an operation needs beyond those held; empty when it may run. Where several sets would do, the one that
 * lacks least is named. A field that `@skip` or `@include` leaves out is not selected.
 *
 * A field of an interface needs what any type behind it needs for that field, and what any such type needs itself: its
 * value could come from each of them.
 */
export function findMissingScopes(
  { schema, document, operation, variables: given }: Operation,
  rules: ScopeRules,
  held: ReadonlySet<string>,
): string[] {
  if (rules.size === 0) return [];
  const fragments = findFragments(document);
  const variables = readVariables(operation, given);
  const visited = new Set<string>();
  const missing = new Set<string>();

  function need(coordinate: string): void {
    for (const scope of lacking(rules.get(coordinate), held)) missing.add(scope);
  }

  function visit({ selections }: SelectionSetNode, parent: GraphQLCompositeType): void {
    for (const selection of selections) {
      if (!isSelected(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) {
        visitField(selection.name.value, selection.selectionSet, parent);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        visitFragment(selection.typeCondition?.name.value ?? parent.name, selection.selectionSet);
      } else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) visitFragment(fragment.typeCondition.name.value, fragment.selectionSet);
      }
    }
  }

  function visitFragment(typeName: string, selectionSet: SelectionSetNode): void {
    const type = schema.getType(typeName);
    if (!isCompositeType(type)) return;
    need(type.name);
    visit(selectionSet, type);
  }

  function visitField(
    name: string,
    selectionSet: SelectionSetNode | undefined,
    parent: GraphQLCompositeType,
  ) {
    const field = isUnionType(parent) ? undefined : parent.getFields()[name];
    if (!field) return;
    need(`${parent.name}.${name}`);
    if (isAbstractType(parent)) {
      for (const type of schema.getPossibleTypes(parent)) {
        need(type.name);
        need(`${type.name}.${name}`);
      }
    }
    const type = getNamedType(field.type);
    if (!selectionSet || !isCompositeType(type)) return;
    need(type.name);
    visit(selectionSet, type);
  }

  const root = schema.getRootType(operation.operation);
  if (root) visit(operation.selectionSet, root);
  return [...missing].sort();
}

function lacking(anyOf: AnyOf | undefined, held: ReadonlySet<string>): readonly string[] {
  const lists = (anyOf ?? []).map((scopes) => scopes.filter((scope) => !held.has(scope)));
  return lists.reduce<readonly string[]>(
    (least, list) => (list.length < least.length ? list : least),
    lists[0] ?? [],
  );
}
