import type { Logger } from '@medley/service';
import { createFindByIds, ServiceCallError, type ServiceCaller } from '@medley/service-caller';
import { z } from 'zod';
import type { CatalogDirectory } from '../domain/catalog-directory.ts';

/**
 * The catalog subgraph, asked while an edit is accepted.
 * @param caller asks the catalog; how long it waits is how long an edit waits
 */
export function createLinkCatalogDirectory({
  caller,
  logger,
}: {
  caller: ServiceCaller;
  logger: Logger;
}): CatalogDirectory {
  const findByIds = createFindByIds(caller, { query, entry });
  return {
    async findEntities(ids) {
      if (ids.length === 0) return new Map();
      try {
        const entities = await findByIds(ids);
        return new Map(entities.flatMap((found) => (found ? [[found.id, { albumId: found.albumId }]] : [])));
      } catch (error) {
        if (!(error instanceof ServiceCallError)) throw error;
        logger.warn({ err: error }, 'the catalog could not be asked: an edit stands unverified');
        return null;
      }
    },
  };
}

const query = `query PlaylistsEntities($ids: [ID!]!) { entries: catalogEntities(ids: $ids) { id albumId } }`;
const entry = z.object({ id: z.string(), albumId: z.string().nullable() });
