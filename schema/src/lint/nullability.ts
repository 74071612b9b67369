import { type FieldDefinitionNode, Kind, type TypeNode } from 'graphql';
import { foreignEntitiesOf, keyFieldsOf, objectTypesOf } from './entities.ts';
import { hasDirective, type LintRule } from './rule.ts';

const rootTypes = new Set(['Query', 'Mutation', 'Subscription']);

/** A root field that may not be null takes the whole answer with it when its subgraph fails. */
export const rootFieldsAreNullable: LintRule = function* ({ subgraphs }) {
  for (const document of subgraphs.values()) {
    for (const type of objectTypesOf(document)) {
      if (!rootTypes.has(type.name.value)) continue;
      for (const field of type.fields ?? []) {
        // Inaccessible ones are for our own services, which ask for nothing else beside them.
        if (isRequired(field.type) && !hasDirective(field, 'inaccessible'))
          yield `${type.name.value}.${field.name.value}: a root field must be nullable`;
      }
    }
  }
};

/** What a subgraph adds to another's entity is missing when that subgraph fails. */
export const addedFieldsAreNullable: LintRule = function* (schema) {
  for (const [subgraph, document] of schema.subgraphs) {
    const foreign = foreignEntitiesOf(schema, subgraph);
    for (const type of objectTypesOf(document)) {
      if (!foreign.has(type.name.value)) continue;
      const keys = keyFieldsOf(type);
      for (const field of type.fields ?? []) {
        const own = !keys.has(field.name.value) && !hasDirective(field, 'external');
        if (own && isRequired(field.type))
          yield `${type.name.value}.${field.name.value}: ${subgraph} adds it to another's entity, so it must be nullable`;
      }
    }
  }
};

/** The entity that is referred to may be gone, or its subgraph may fail: that costs the reference, not its list. */
export const foreignReferencesAreNullable: LintRule = function* (schema) {
  for (const [subgraph, document] of schema.subgraphs) {
    const foreign = foreignEntitiesOf(schema, subgraph);
    for (const type of objectTypesOf(document)) {
      for (const field of type.fields ?? []) {
        if (foreign.has(nameOf(field.type)) && hasRequiredItem(field))
          yield `${type.name.value}.${field.name.value}: it refers to an entity of another subgraph, so it must be nullable`;
      }
    }
  }
};

/** One deleted object in a page of a hundred costs one node. */
export const nodesAreNullable: LintRule = function* ({ subgraphs }) {
  for (const document of subgraphs.values()) {
    for (const type of objectTypesOf(document)) {
      const name = /Edge$/.test(type.name.value)
        ? 'node'
        : /Connection$/.test(type.name.value)
          ? 'nodes'
          : undefined;
      const field = type.fields?.find((candidate) => candidate.name.value === name);
      if (field && hasRequiredItem(field))
        yield `${type.name.value}.${name}: an object of a page must be nullable`;
    }
  }
};

const isRequired = (type: TypeNode) => type.kind === Kind.NON_NULL_TYPE;

/** `T!` and `[T!]`, but not `[T]!`. */
function hasRequiredItem({ type }: FieldDefinitionNode): boolean {
  const inner = isRequired(type) ? (type as { type: TypeNode }).type : type;
  return inner.kind === Kind.LIST_TYPE ? isRequired(inner.type) : isRequired(type);
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}
