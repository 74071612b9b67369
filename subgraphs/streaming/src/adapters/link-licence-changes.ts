import { createServiceCaller } from '@medley/service-caller';
import type { SigningKeys } from '@medley/signing-keys';
import type { SubgraphLink } from '@medley/subgraph-link';
import { z } from 'zod';
import type { ChangedFacts } from '../domain/changed-facts.ts';

/** Which tracks changed, from the catalog subgraph. */
export function createLinkLicenceChanges({
  link,
  keys,
}: {
  link: SubgraphLink;
  keys: SigningKeys;
}): ChangedFacts {
  const caller = createServiceCaller({ service: 'streaming', subgraph: 'catalog', link, keys });
  return {
    async since(position, { timeoutMs }) {
      const variables = { seq: position };
      const { changes } = await caller.ask({ query, variables, data, deadline: Date.now() + timeoutMs });
      const { seq, trackIds: ids, hasMore, reset } = changes;
      return { position: seq, ids, hasMore, reset };
    },
  };
}

const query = `query StreamingLicenceChanges($seq: ID) {
  changes: licenceChangesSince(seq: $seq) { seq trackIds hasMore reset }
}`;
const data = z.object({
  changes: z.object({
    seq: z.string(),
    trackIds: z.array(z.string()),
    hasMore: z.boolean(),
    reset: z.boolean(),
  }),
});
