import { isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import type { LintRule } from './rule.ts';

/** Whoever builds on the schema reads it in the explorer: every type, field and argument says what it is. */
export const everythingIsDescribed: LintRule = function* ({ api }) {
  for (const type of Object.values(api.getTypeMap())) {
    if (builtIn.test(type.name)) continue;
    if (!type.description && !rootTypes.has(type.name)) yield `${type.name}: has no description`;
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`;
      if (!field.description) yield `${coordinate}: has no description`;
      for (const argument of 'args' in field ? field.args : []) {
        if (!argument.description) yield `${coordinate}(${argument.name}:): has no description`;
      }
    }
  }
};

const builtIn = /^(__.*|ID|Int|Float|String|Boolean)$/;
const rootTypes = new Set(['Query', 'Mutation', 'Subscription']);
