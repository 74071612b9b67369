import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parseType,
  print,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { findFragments, readArgument } from '../selection.ts';

type Variables = Readonly<Record<string, unknown>>;

/** A subscription that can be begun again at any cursor. */
export interface StreamOperation {
  /** The operation alone, with the fragments that it uses; the argument `after` of its field is a variable. */
  readonly document: DocumentNode;
  /** The document as text: equal for operations that ask for the same, wherever each begins. */
  readonly text: string;
  /** Where the client wants it to begin. */
  readAfter(variables: Variables): string | undefined;
  /** The variables that the document still uses, but for where it begins. */
  readVariables(variables: Variables): Variables;
  /** The same variables, with where it begins. */
  startAt(variables: Variables, after: string | undefined): Variables;
}

/**
 * Makes where a subscription begins a variable of ours, whatever the client's document says about it.
 * @param document validated, with a root field that always runs
 */
export function toStreamOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
): StreamOperation {
  const fragments = findFragments(document);
  const root = mergeRootFields(operation, fragments);
  const afterType = schema
    .getSubscriptionType()
    ?.getFields()
    [root.name.value]?.args.find(({ name }) => name === 'after')?.type;
  if (!afterType) throw new Error(`Subscription.${root.name.value} has no argument "after"`);

  const given = root.arguments ?? [];
  const others = given.filter(({ name }) => name.value !== 'after');
  const definitions = operation.variableDefinitions ?? [];
  const used = findUsedFragments(root, fragments);
  const usedVariables = findVariables([{ ...root, arguments: others }, ...used]);
  const kept = definitions.filter(({ variable }) => usedVariables.has(variable.name.value));
  const names = kept.map(({ variable }) => variable.name.value);
  const ours = freeName(names);
  const field: FieldNode = { ...root, arguments: [...others, afterArgument(ours)] };

  const rewritten: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        ...operation,
        variableDefinitions: [
          ...kept,
          {
            kind: Kind.VARIABLE_DEFINITION,
            variable: variable(ours),
            type: parseType(String(afterType), { noLocation: true }),
          },
        ],
        selectionSet: { kind: Kind.SELECTION_SET, selections: [field] },
      },
      ...used,
    ],
  };
  return {
    document: rewritten,
    text: print(rewritten),
    readAfter: (variables) => {
      const after = readArgument(given, 'after', variables);
      return typeof after === 'string' ? after : undefined;
    },
    readVariables: (variables) =>
      Object.fromEntries(
        names.filter((name) => Object.hasOwn(variables, name)).map((name) => [name, variables[name]]),
      ),
    startAt: (variables, after) => (after === undefined ? variables : { ...variables, [ours]: after }),
  };
}

/** The one root field that validation let through, written once: its name may stand there several times. */
function mergeRootFields(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): FieldNode {
  const [first, ...more] = findRootFields(operation.selectionSet, fragments);
  if (!first) throw new Error('a subscription without a root field is not valid');
  if (more.length === 0 || !first.selectionSet) return first;
  const selections = [first, ...more].flatMap((field) => field.selectionSet?.selections ?? []);
  return { ...first, selectionSet: { kind: Kind.SELECTION_SET, selections } };
}

function findRootFields(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    return fragment ? findRootFields(fragment.selectionSet, fragments) : [];
  });
}

/** In the order of their names: their order in the client's document means nothing. */
function findUsedFragments(
  field: FieldNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): FragmentDefinitionNode[] {
  const used = new Map<string, FragmentDefinitionNode>();
  const note = (node: FieldNode | FragmentDefinitionNode) => {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (!fragment || used.has(name.value)) return;
        used.set(name.value, fragment);
        note(fragment);
      },
    });
  };
  note(field);
  return [...used.values()].sort((a, b) => (a.name.value < b.name.value ? -1 : 1));
}

function findVariables(nodes: readonly (FieldNode | FragmentDefinitionNode)[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of nodes) visit(node, { Variable: ({ name }) => void names.add(name.value) });
  return names;
}

function freeName(taken: readonly string[]): string {
  let name = 'after';
  while (taken.includes(name)) name = `_${name}`;
  return name;
}

const variable = (name: string) => ({ kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } }) as const;

const afterArgument = (name: string): ArgumentNode => ({
  kind: Kind.ARGUMENT,
  name: { kind: Kind.NAME, value: 'after' },
  value: variable(name),
});
