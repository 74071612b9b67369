import { badUserInput } from '@medley/errors';
import { idKindOf } from '@medley/ids';
import { idArgument } from '@medley/subgraph';
import type { Resolvers } from '../generated/nodes.ts';
import type { Context } from './context.ts';
import { nodeTypes } from './node-types.ts';

const mostIds = 100;

export const resolvers = {
  Query: {
    node: (_, { id }, context) => findNode('id', id, context),
    nodes: (_, { ids }, context) => {
      if (ids.length > mostIds) throw badUserInput(`ids: at most ${mostIds}, got ${ids.length}`);
      // One malformed id is a mistake of the caller and refuses the field; one owner's failure costs its objects only.
      for (const id of ids) checkId('ids', id);
      // Each is a promise of its own, which the generated types do not foresee where it may give null.
      return ids.map((id) => findNode('ids', id, context)) as never;
    },
  },
} satisfies Resolvers;

async function findNode(argument: string, id: string, { existence, shownTypes }: Context) {
  const type = nodeTypes[checkId(argument, id)];
  if (!type || !shownTypes.has(type.typename) || !(await existence.isThere(type, id))) return null;
  return { __typename: type.typename, id } as { __typename: 'Track'; id: string };
}

function checkId(argument: string, id: string) {
  const kind = idKindOf(id);
  if (!kind)
    throw badUserInput(`${argument}: expected an id such as track_…, got ${JSON.stringify(id.slice(0, 60))}`);
  idArgument(argument, id, kind);
  return kind;
}
