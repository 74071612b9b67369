import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** Arguments of a field as GraphQL text, by `Type.field`. */
export type Arguments = Readonly<Record<string, string>>;

/** A query for every field of one type, by the shortest way to it from the root. */
export interface FieldQuestion {
  readonly type: string;
  readonly query: string;
}

interface Place {
  readonly type: GraphQLObjectType;
  /** Makes a query of what is asked of the object there. */
  readonly ask: (selection: string) => string;
}

/**
 * Makes a question for each object type that queries reach. It asks also what the objects in its fields are, and what of them has
 * neither fields nor arguments of its own. All objects tell their `__typename`.
 * @param isLeftOut told a type, or a field as `Type.field`: whether nothing is asked of it
 * @param given where a field needs arguments. `first` is 2 unless it is given
 * @throws Error for an argument that is required and not given
 */
export function askEveryField(
  schema: GraphQLSchema,
  isLeftOut: (coordinate: string) => boolean,
  given: Arguments,
): readonly FieldQuestion[] {
  const reached = new Set<string>();
  const waiting: Place[] = [];

  function reach({ type, ask }: Place) {
    if (reached.has(type.name)) return;
    reached.add(type.name);
    waiting.push({ type, ask });
  }

  const fieldsOf = (type: GraphQLObjectType) =>
    Object.values(type.getFields()).filter(
      (field) => !isLeftOut(`${type.name}.${field.name}`) && !isLeftOut(getNamedType(field.type).name),
    );

  function typesOf({ type }: Field): readonly GraphQLObjectType[] {
    const named = getNamedType(type);
    if (isObjectType(named)) return [named];
    return isAbstractType(named) ? schema.getPossibleTypes(named).filter(({ name }) => !isLeftOut(name)) : [];
  }

  /** A selection on whatever stands in the field, empty where it can have none. */
  function describe(field: Field): string {
    const named = getNamedType(field.type);
    if (!isCompositeType(named)) return '';
    if (!isObjectType(named)) return `{ __typename ${mayBeNode(field) ? '... on Node { id }' : ''} }`;
    const leaves = fieldsOf(named).filter(
      ({ type, args }) => !isCompositeType(getNamedType(type)) && args.length === 0,
    );
    return `{ __typename ${leaves.map(({ name }) => name).join(' ')} }`;
  }

  const mayBeNode = (field: Field) =>
    typesOf(field).some((type) => type.getInterfaces().some(({ name }) => name === 'Node'));

  const questions: FieldQuestion[] = [];
  const root = schema.getQueryType();
  if (root) reach({ type: root, ask: (selection) => `{ ${selection} }` });
  for (let place = waiting.shift(); place; place = waiting.shift()) {
    const { type, ask } = place;
    const selected = fieldsOf(type).map((field) => {
      const call = callOf(type, field, given);
      for (const inner of typesOf(field)) {
        const asked = (selection: string) =>
          ask(`__typename ${call} { __typename ... on ${inner.name} { ${selection} } }`);
        reach({ type: inner, ask: asked });
      }
      return `${call} ${describe(field)}`;
    });
    questions.push({ type: type.name, query: ask(`__typename ${selected.join(' ')}`) });
  }
  return questions;
}

type Field = GraphQLField<unknown, unknown>;

function callOf({ name: type }: GraphQLObjectType, { name, args }: Field, given: Arguments): string {
  const taken =
    given[`${type}.${name}`] ?? (args.some((argument) => argument.name === 'first') ? 'first: 2' : '');
  const missing = args.find(
    (argument) => isRequiredArgument(argument) && !taken.includes(`${argument.name}:`),
  );
  if (missing) throw new Error(`what is asked of ${type}.${name} needs an argument: ${missing.name}`);
  return taken ? `${name}(${taken})` : name;
}
