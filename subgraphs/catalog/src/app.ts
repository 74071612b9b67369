import type { Cursors } from '@medley/connection';
import type { ClaimName, IdentityVerifier } from '@medley/identity';
import type { Logger } from '@medley/service';
import { type CoverSize, coverSizes, imagePath } from '@medley/signed-url';
import { createSubgraph, type Subgraph } from '@medley/subgraph';
import type { Context, Image } from './context.ts';
import type { CatalogRepository } from './domain/catalog-repository.ts';
import type { ChangeLog } from './domain/change-log.ts';
import type { EntityFeed } from './domain/entity-feed.ts';
import type { LicenceFeed } from './domain/licence-feed.ts';
import type { TrackDecisions } from './domain/track-decisions.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers/index.ts';

export { type FollowPopularityOptions, followPopularity } from './follow-popularity.ts';
export { type CatalogRelayDependencies, republishCatalog, startRelays } from './relays.ts';

/**
 * The claims that the router sends: equal fetches of different people in one market can be shared. With a mutation it sends
 * `actor` too, and so do our own services, for the fields that are theirs alone; whoever leaves it out is anonymous.
 */
export const reads: readonly ClaimName[] = ['market', 'explicit'];

export interface AppDependencies {
  readonly catalog: CatalogRepository;
  readonly changes: ChangeLog;
  readonly entities: EntityFeed;
  readonly licences: LicenceFeed;
  readonly writer: TrackDecisions;
  /** Told after each mutation, so that caches need not wait for their next look. */
  readonly onWritten?: () => void;
  readonly images: {
    /** The edge as clients reach it, without a slash at the end. */
    readonly baseUrl: string;
  };
  readonly cursors: Cursors;
  readonly identity: IdentityVerifier;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** The catalog subgraph, without a transport. */
export function createApp(dependencies: AppDependencies): Promise<Subgraph> {
  const { catalog, changes, entities, licences, writer, images, cursors, identity, logger } = dependencies;
  const { clock = Date.now, onWritten = () => {} } = dependencies;
  const edge = images.baseUrl.replace(/\/+$/, '');
  const image = (id: string, size: CoverSize): Image => ({
    url: `${edge}${imagePath({ id, size })}`,
    width: coverSizes[size],
    height: coverSizes[size],
  });
  return createSubgraph<Context>({
    name: 'catalog',
    resolvers,
    identity,
    logger,
    createContext: (request) => ({
      request,
      loaders: createLoaders(catalog, entities),
      changes,
      entities,
      licences,
      decisions: writer,
      cursors,
      image,
      now: () => new Date(clock()),
      onWritten,
    }),
  });
}
