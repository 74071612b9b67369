import { Kind } from 'graphql';
import { implementsNode, isStub, objectTypesOf } from './entities.ts';
import type { LintRule } from './rule.ts';

/** The gateway answers them with wrong data, silently. */
export const requiresTakesNoArguments: LintRule = function* ({ subgraphs }) {
  for (const document of subgraphs.values()) {
    for (const type of objectTypesOf(document)) {
      for (const field of type.fields ?? []) {
        const requires = field.directives?.find(({ name }) => name.value === 'requires');
        const fields = requires?.arguments?.[0]?.value;
        if (fields?.kind === Kind.STRING && fields.value.includes('('))
          yield `${type.name.value}.${field.name.value}: @requires with arguments gives wrong data`;
      }
    }
  }
};

/** Two copies of an enum or a scalar drift apart, and composition refuses them one day. */
export const sharedTypesStandInOneFile: LintRule = function* ({ subgraphs }) {
  const owners = new Map<string, string>();
  for (const [subgraph, document] of subgraphs) {
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.ENUM_TYPE_DEFINITION && definition.kind !== Kind.SCALAR_TYPE_DEFINITION)
        continue;
      const name = definition.name.value;
      const other = owners.get(name);
      if (other) yield `${name}: it stands in ${other} and in ${subgraph}, move it to shared.graphql`;
      else owners.set(name, subgraph);
    }
  }
};

/** Without its stub, `... on Playlist` is dropped from `node` in silence. */
export const nodeTypesHaveStubs: LintRule = function* ({ subgraphs }) {
  const types = [...subgraphs].flatMap(([subgraph, document]) =>
    objectTypesOf(document)
      .filter(implementsNode)
      .map((type) => ({ subgraph, name: type.name.value, stub: isStub(type) })),
  );
  const stubs = new Set(
    types.filter(({ subgraph, stub }) => subgraph === 'nodes' && stub).map(({ name }) => name),
  );
  for (const { subgraph, name } of types) {
    if (subgraph !== 'nodes' && !stubs.has(name))
      yield `${name}: subgraphs/nodes.graphql has no stub of it, with @key(fields: "id", resolvable: false)`;
  }
};
