import type { ServiceCaller } from '@medley/service-caller';
import { z } from 'zod';
import type { Peer } from '../domain/peer.ts';
import { readOperation } from './operation-json.ts';

/**
 * A peer over a link.
 * @param caller asks its playlists subgraph
 */
export function createLinkPeer({ url, caller }: { url: string; caller: ServiceCaller }): Peer {
  return {
    url,
    async operationsSince(position, limit) {
      const { page } = await caller.ask({ query, variables: { position, limit }, data });
      return page.map(({ id, operation }) => ({ position: id, operation: readOperation(operation) }));
    },
  };
}

const query = `query PlaylistsPeerOperations($position: ID!, $limit: Int!) {
  page: playlistOperationsSince(id: $position, first: $limit) { id operation }
}`;
const data = z.object({ page: z.array(z.object({ id: z.string(), operation: z.string() })) });
