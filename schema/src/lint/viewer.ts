import { Kind, type TypeNode } from 'graphql';
import { findViewerFieldsOf } from '../viewer-fields.ts';
import { objectTypesOf } from './entities.ts';
import type { LintRule } from './rule.ts';

/**
 * `me`, `my…` and `viewer…` are words for who asks: what is called so says that it is PRIVATE, or its type does, or the type it stands in.
 * The router goes by that when it shares the results of subscriptions.
 */
export const viewerFieldsArePrivate: LintRule = function* ({ subgraphs }) {
  const viewerFields = new Set(
    [...subgraphs.values()].flatMap((document) => [...findViewerFieldsOf(document)]),
  );
  for (const document of subgraphs.values()) {
    for (const type of objectTypesOf(document)) {
      if (type.name.value === 'Mutation' || viewerFields.has(type.name.value)) continue;
      for (const { name, type: fieldType } of type.fields ?? []) {
        const coordinate = `${type.name.value}.${name.value}`;
        if (!/^(me$|(my|viewer)([A-Z]|$))/.test(name.value)) continue;
        if (viewerFields.has(coordinate) || viewerFields.has(nameOf(fieldType))) continue;
        yield `${coordinate}: is the viewer's own and does not say \`@cacheControl(scope: PRIVATE)\``;
      }
    }
  }
};

/** Of the type within lists and `!`. */
const nameOf = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
