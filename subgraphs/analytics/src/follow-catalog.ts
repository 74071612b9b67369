import { type Consumer, type EventLog, startConsumer } from '@medley/event-log';
import { catalogChanged } from '@medley/events';
import type { Logger, Metrics } from '@medley/service';
import { copyCatalog, forgetTracks } from './consumers/copy-catalog.ts';
import type { CatalogTracks } from './domain/catalog-tracks.ts';

export const catalogGroup = 'analytics.catalog';

export interface FollowCatalogOptions {
  readonly log: Pick<EventLog, 'append' | 'subscribe' | 'admin'>;
  readonly tracks: CatalogTracks;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told once when it has ended for good. */
  readonly onCrash: (error: Error) => void;
}

/**
 * Keeps the copy of the catalog's tracks. All replicas share the work. The topic tells every track, so the copy is part of no generation
 * of numbers.
 */
export const followCatalog = ({ tracks, ...options }: FollowCatalogOptions): Consumer =>
  startConsumer({
    ...options,
    group: catalogGroup,
    topics: [catalogChanged],
    handle: copyCatalog(tracks),
    forget: forgetTracks(tracks),
  });
