import {
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { findFragments, isSelected, readArgument, readVariables } from '../selection.ts';

/** What a page holds at most, and so what counts where `first` and `last` are missing. */
const largestPage = 100;

/**
 * How many list items an operation may bring: the product of nested sizes, added up over lists beside each other.
 * `artists(first: 100) { nodes { topTracks(first: 100) { … } } }` is 10,000. Sizes are `first` or `last` of a connection
 * and the length of `ids`; lists without such an argument are short by their nature and count once.
 */
export function countListItems(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>> | undefined,
): number {
  const fragments = findFragments(document);
  const variables = readVariables(operation, given);
  const counted = new Map<string, number>();

  function countSelections({ selections }: SelectionSetNode, parent: GraphQLCompositeType): number {
    let items = 0;
    for (const selection of selections) {
      if (!isSelected(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) {
        items += countField(selection, parent);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = selection.typeCondition && schema.getType(selection.typeCondition.name.value);
        items += countSelections(selection.selectionSet, isCompositeType(type) ? type : parent);
      } else {
        items += countFragment(selection.name.value);
      }
    }
    return items;
  }

  function countFragment(name: string): number {
    const known = counted.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    const type = fragment && schema.getType(fragment.typeCondition.name.value);
    const items = fragment && isCompositeType(type) ? countSelections(fragment.selectionSet, type) : 0;
    counted.set(name, items);
    return items;
  }

  function countField(node: FieldNode, parent: GraphQLCompositeType): number {
    const field = isUnionType(parent) ? undefined : parent.getFields()[node.name.value];
    const type = field && getNamedType(field.type);
    if (!field || !type) return 0;
    const inner = node.selectionSet && isCompositeType(type) ? countSelections(node.selectionSet, type) : 0;
    const size = readSize(field, node, variables);
    return size === undefined ? inner : size * Math.max(1, inner);
  }

  const root = schema.getRootType(operation.operation);
  return isObjectType(root) ? countSelections(operation.selectionSet, root) : 0;
}

/** The size that is asked for; undefined for a field that takes none. */
function readSize(
  field: GraphQLField<unknown, unknown>,
  { arguments: args = [] }: FieldNode,
  variables: Record<string, unknown>,
): number | undefined {
  const takes = (name: string) => field.args.find((argument) => argument.name === name);
  if (takes('first') || takes('last')) {
    const given = ['first', 'last'].map((name) => readArgument(args, name, variables));
    const size = [...given, takes('first')?.defaultValue].find(
      (value) => typeof value === 'number' && value >= 0,
    );
    // What is no page size is refused later, by the field's owner.
    return (size as number | undefined) ?? largestPage;
  }
  if (!takes('ids')) return undefined;
  const ids = readArgument(args, 'ids', variables);
  return Array.isArray(ids) ? ids.length : 1;
}
