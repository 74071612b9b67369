import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import type { LintRule } from './rule.ts';

/** Whoever builds on the schema reads it in the explorer: all that has a name says what it is. */
export const everythingIsDescribed: LintRule = function* ({ api }) {
  for (const [coordinate, description] of descriptionsOf(api)) {
    if (!description) yield `${coordinate}: has no description`;
  }
};

/** What is said of all that has a name, by its coordinate: `Track`, `Track.title`, `Query.track(id:)`; '' for nothing. */
export function descriptionsOf(schema: GraphQLSchema): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const note = (coordinate: string, { description }: { readonly description?: string | null }) =>
    found.set(coordinate, description ?? '');
  for (const type of Object.values(schema.getTypeMap())) {
    if (builtIn.test(type.name)) continue;
    note(type.name, type);
    if (isEnumType(type)) {
      for (const value of type.getValues()) note(`${type.name}.${value.name}`, value);
    }
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`;
      note(coordinate, field);
      const args = 'args' in field ? field.args : [];
      for (const argument of args) note(`${coordinate}(${argument.name}:)`, argument);
    }
  }
  return found;
}

const builtIn = /^(__.*|ID|Int|Float|String|Boolean)$/;
