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
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { findFragments, isSelected, readArgument, readVariables } from '../selection.ts';
import { guessSize, weigh } from './weights.ts';

/** What a page holds at most, and so what counts where `first` and `last` are missing. */
const largestPage = 100;

/** What an operation may bring at most. */
export interface Cost {
  /** The product of nested sizes, added up over lists beside each other. */
  readonly listItems: number;
  /** Fields, each as often as the lists above it are long, some with a weight. */
  readonly values: number;
}

/**
 * Estimates what an operation may bring, without running it.
 * `artists(first: 100) { nodes { topTracks(first: 100) { … } } }` holds 10,000 list items. Sizes are `first` or `last` of
 * a connection and the length of `ids`; lists without such an argument are short by their nature and count as one item.
 * Aliases and lists without a size multiply what has to be computed and sent, not the items: the values count these.
 */
export function estimateCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>> | undefined,
): Cost {
  const fragments = findFragments(document);
  const variables = readVariables(operation, given);
  const estimated = new Map<string, Cost>();

  function ofSelections({ selections }: SelectionSetNode, parent: GraphQLCompositeType): Cost {
    let [listItems, values] = [0, 0];
    for (const selection of selections) {
      if (!isSelected(selection, variables)) continue;
      const cost = ofSelection(selection, parent);
      listItems += cost.listItems;
      values += cost.values;
    }
    return { listItems, values };
  }

  function ofSelection(selection: SelectionNode, parent: GraphQLCompositeType): Cost {
    if (selection.kind === Kind.FIELD) return ofField(selection, parent);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value);
    const type = selection.typeCondition && schema.getType(selection.typeCondition.name.value);
    return ofSelections(selection.selectionSet, isCompositeType(type) ? type : parent);
  }

  function ofFragment(name: string): Cost {
    const known = estimated.get(name);
    if (known) return known;
    const fragment = fragments.get(name);
    const type = fragment && schema.getType(fragment.typeCondition.name.value);
    const cost = fragment && isCompositeType(type) ? ofSelections(fragment.selectionSet, type) : nothing;
    estimated.set(name, cost);
    return cost;
  }

  function ofField(node: FieldNode, parent: GraphQLCompositeType): Cost {
    const fields = isUnionType(parent) ? {} : parent.getFields();
    const field = fields[node.name.value];
    // `__typename`, and the roots of introspection, which has limits of its own.
    if (!field) return { listItems: 0, values: 1 };
    const type = getNamedType(field.type);
    const inner =
      node.selectionSet && isCompositeType(type) ? ofSelections(node.selectionSet, type) : nothing;
    const size = readSize(field, node, variables);
    return {
      listItems: size === undefined ? inner.listItems : size * Math.max(1, inner.listItems),
      values: weigh(field) + (size ?? guessSize(field, 'edges' in fields)) * inner.values,
    };
  }

  const root = schema.getRootType(operation.operation);
  return isObjectType(root) ? ofSelections(operation.selectionSet, root) : nothing;
}

const nothing: Cost = { listItems: 0, values: 0 };

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
