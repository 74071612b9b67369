import { MedleyError } from '@medley/errors';
import type { RequestInfo } from '@medley/subgraph';
import DataLoader from 'dataloader';
import type { GraphQLFormattedError } from 'graphql';
import type { SubgraphCaller } from '../subgraph-caller.ts';
import type { LinkedSubgraph } from '../subgraphs.ts';
import type { NodeType } from './node-types.ts';

export interface ExistenceLoader {
  /** Whether the owner has the object for the viewer of the request. Rejects when the owner fails. */
  isThere(type: NodeType, id: string): Promise<boolean>;
}

type Callers = Readonly<Record<LinkedSubgraph, SubgraphCaller>>;

/** Asks owners in the viewer's name: one `_entities` for each owner and request. */
export function createExistenceLoader(callers: Callers, request: RequestInfo): ExistenceLoader {
  const loaders = new Map<LinkedSubgraph, DataLoader<NodeKey, boolean, string>>();
  return {
    isThere({ typename, owner }, id) {
      let loader = loaders.get(owner);
      if (!loader) {
        loader = new DataLoader((keys: readonly NodeKey[]) => askOwner(callers[owner], keys, request), {
          cacheKeyFn: (key) => key.id,
        });
        loaders.set(owner, loader);
      }
      return loader.load({ __typename: typename, id });
    },
  };
}

interface NodeKey {
  readonly __typename: string;
  readonly id: string;
}

const query = 'query($representations:[_Any!]!){_entities(representations:$representations){__typename}}';

async function askOwner(
  owner: SubgraphCaller,
  representations: readonly NodeKey[],
  request: RequestInfo,
): Promise<(boolean | Error)[]> {
  const { requestId, deadline, ...identity } = request;
  const { data, errors } = await owner.call(
    { query, variables: { representations } },
    { requestId, deadline, identity },
  );
  const entities = Array.isArray(data?._entities) ? data._entities : [];
  return representations.map((_, index) => {
    const error = errors.find(({ path = [] }) => path.length < 2 || path[1] === index);
    return error ? toError(error) : Boolean(entities[index]);
  });
}

/** The owner masked its errors: they pass as they are. */
const toError = ({ message, extensions }: GraphQLFormattedError) =>
  new MedleyError((extensions?.code as never) ?? 'INTERNAL', message);
