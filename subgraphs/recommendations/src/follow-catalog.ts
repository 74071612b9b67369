import { type Consumer, type EventLog, startConsumer } from '@medley/event-log';
import { catalogChanged } from '@medley/events';
import type { Logger, Metrics } from '@medley/service';
import { copyCatalog, forgetTracks } from './consumers/copy-catalog.ts';
import type { CatalogCopy } from './domain/catalog-copy.ts';

export const catalogGroup = 'recommendations.catalog';

export interface FollowCatalogOptions {
  readonly log: Pick<EventLog, 'append' | 'subscribe' | 'admin'>;
  readonly copy: CatalogCopy;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told once when it has ended for good. */
  readonly onCrash: (error: Error) => void;
}

/** Keeps the copy of the catalog, from the beginning of its topic. All replicas share the work. */
export const startFollowingCatalog = ({ copy, ...options }: FollowCatalogOptions): Consumer =>
  startConsumer({
    ...options,
    group: catalogGroup,
    topics: [catalogChanged],
    handle: copyCatalog(copy),
    forget: forgetTracks(copy),
  });
