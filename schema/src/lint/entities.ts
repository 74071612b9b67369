import {
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
} from 'graphql';
import { hasDirective, type LintedSchema } from './rule.ts';

export type ObjectType = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

/** The object types of a file, extended ones too. */
export function objectTypesOf(document: DocumentNode): ObjectType[] {
  return document.definitions.filter(
    (definition): definition is ObjectType =>
      definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.OBJECT_TYPE_EXTENSION,
  );
}

export const isEntity = (type: ObjectType) => hasDirective(type, 'key');

export const implementsNode = (type: ObjectType) =>
  type.interfaces?.some(({ name }) => name.value === 'Node') ?? false;

/** A type that only says that it exists elsewhere: none of its keys is resolvable here. */
export const isStub = (type: ObjectType) =>
  isEntity(type) && keysOf(type).every((key) => readArgument(key, 'resolvable') === false);

/** The names of the entities in a subgraph that belong to another one: the owner describes its entity, others do not. */
export function foreignEntitiesOf({ subgraphs }: LintedSchema, subgraph: string): Set<string> {
  const foreign = objectTypesOf(subgraphs.get(subgraph) as DocumentNode).filter(
    (type) => isEntity(type) && !('description' in type && type.description),
  );
  return new Set(foreign.map(({ name }) => name.value));
}

/** The fields that identify it: `id`. Nested keys count with their first level. */
export function keyFieldsOf(type: ObjectType): Set<string> {
  const fields = keysOf(type).flatMap((key) => String(readArgument(key, 'fields')).match(/\w+/g) ?? []);
  return new Set(fields);
}

const keysOf = ({ directives = [] }: ObjectType) => directives.filter(({ name }) => name.value === 'key');

function readArgument(directive: ConstDirectiveNode, name: string): unknown {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value;
  return value && 'value' in value ? value.value : undefined;
}
