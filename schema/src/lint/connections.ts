import {
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { LintRule } from './rule.ts';
import { forwardOnly, shortLists } from './short-lists.ts';

/** Its edges and cursors belong to one field; a second field that shares the type could not grow by itself. */
export const connectionsBelongToOneField: LintRule = function* ({ api }) {
  const users = new Map<string, string>();
  for (const [coordinate, field] of fieldsOf(api)) {
    const type = getNamedType(field.type).name;
    if (!type.endsWith('Connection')) continue;
    const other = users.get(type);
    if (other) yield `${coordinate}: ${type} belongs to ${other}; a connection belongs to one field`;
    else users.set(type, coordinate);
  }
};

/** A page size is asked for, so that nobody gets a list without end. */
export const connectionsArePaged: LintRule = function* ({ api }) {
  for (const [coordinate, field] of fieldsOf(api)) {
    if (!getNamedType(field.type).name.endsWith('Connection')) continue;
    const expected = ['first', 'after', ...(forwardOnly.has(coordinate) ? [] : ['last', 'before'])];
    const missing = expected.filter((name) => !field.args.some((argument) => argument.name === name));
    if (missing.length > 0) yield `${coordinate}: a connection takes ${missing.join(', ')} too`;
  }
};

/** A list of objects is a page of a connection, as long as the `ids` that were asked for, or short by its nature. */
export const listsHaveAnEnd: LintRule = function* ({ api }) {
  for (const [coordinate, field] of fieldsOf(api)) {
    const type = isNonNullType(field.type) ? field.type.ofType : field.type;
    if (!isListType(type) || !isCompositeType(getNamedType(type))) continue;
    const paged = /Connection\.(edges|nodes)$/.test(coordinate);
    const asked = field.args.some(({ name }) => name === 'ids');
    if (!paged && !asked && !shortLists.has(coordinate) && field.name !== 'userErrors')
      yield `${coordinate}: a list of objects is a connection, or src/lint/short-lists.ts says why it is short`;
  }
};

function* fieldsOf(schema: GraphQLSchema): Iterable<[string, GraphQLField<unknown, unknown>]> {
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || !(isObjectType(type) || isInterfaceType(type))) continue;
    for (const field of Object.values(type.getFields())) yield [`${type.name}.${field.name}`, field];
  }
}
