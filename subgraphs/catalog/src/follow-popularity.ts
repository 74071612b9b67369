import { type Consumer, type EventLog, startConsumer } from '@medley/event-log';
import { analyticsPopularity } from '@medley/events';
import type { Logger, Metrics } from '@medley/service';
import { referenceUuid } from '@medley/subgraph';
import { takePopularity } from './consumers/take-popularity.ts';
import { maxMeasured, type PopularityWriter } from './domain/popularity-writer.ts';

export interface FollowPopularityOptions {
  readonly log: Pick<EventLog, 'append' | 'subscribe' | 'admin'>;
  readonly popularity: PopularityWriter;
  /** Told after each write. */
  readonly onWritten?: () => void;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told once when it has ended for good. */
  readonly onCrash: (error: Error) => void;
}

/** Keeps the popularity of tracks and artists at what analytics measures. */
export const followPopularity = ({
  popularity,
  onWritten = () => {},
  ...consumer
}: FollowPopularityOptions): Consumer =>
  startConsumer({
    ...consumer,
    group: 'catalog.popularity',
    topics: [analyticsPopularity],
    handle: takePopularity({ popularity, readTrackId: (id) => referenceUuid('track', id), onWritten }),
    maxBatch: maxMeasured,
  });
