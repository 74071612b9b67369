import { createServiceCaller } from '@medley/service-caller';
import type { SigningKeys } from '@medley/signing-keys';
import type { SubgraphLink } from '@medley/subgraph-link';
import { z } from 'zod';
import type { ChangedFacts } from '../domain/changed-facts.ts';

/** Which accounts changed, from the users subgraph. */
export function createLinkAccountChanges({
  link,
  keys,
}: {
  link: SubgraphLink;
  keys: SigningKeys;
}): ChangedFacts {
  const caller = createServiceCaller({ service: 'streaming', subgraph: 'users', link, keys });
  return {
    async since(position, { timeoutMs }) {
      const deadline = Date.now() + timeoutMs;
      const { changes } = await caller.ask({ query, variables: { position }, data, deadline });
      const { accountIds: ids, ...told } = changes;
      return { ...told, ids };
    },
  };
}

const query = `query StreamingAccountChanges($position: ID) {
  changes: accountChangesSince(position: $position) { position accountIds hasMore reset }
}`;
const data = z.object({
  changes: z.object({
    position: z.string(),
    accountIds: z.array(z.string()),
    hasMore: z.boolean(),
    reset: z.boolean(),
  }),
});
