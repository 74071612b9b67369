import type { Logger } from '@medley/service';
import { createFindByIds, ServiceCallError, type ServiceCaller } from '@medley/service-caller';
import { z } from 'zod';
import type { AccountDirectory } from '../domain/account-directory.ts';

/**
 * The users subgraph, asked while an edit is accepted.
 * @param caller asks users; how long it waits is how long an edit waits
 */
export function createLinkAccountDirectory({
  caller,
  logger,
}: {
  caller: ServiceCaller;
  logger: Logger;
}): AccountDirectory {
  const findByIds = createFindByIds(caller, { query, entry });
  return {
    async findActive(ids) {
      if (ids.length === 0) return new Set();
      try {
        const accounts = await findByIds(ids);
        return new Set(accounts.flatMap((account) => (account?.active ? [account.id] : [])));
      } catch (error) {
        if (!(error instanceof ServiceCallError)) throw error;
        logger.warn({ err: error }, 'users could not be asked: an edit stands unverified');
        return null;
      }
    },
  };
}

const query = `query PlaylistsAccounts($ids: [ID!]!) { entries: accountPlaybackFacts(ids: $ids) { id active } }`;
const entry = z.object({ id: z.string(), active: z.boolean() });
