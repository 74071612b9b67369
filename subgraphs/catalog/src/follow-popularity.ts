import { type Consumer, type EventLog, startConsumer } from '@medley/event-log';
import { analyticsPopularity } from '@medley/events';
import { decodeId, InvalidIdError } from '@medley/ids';
import type { Logger, Metrics } from '@medley/service';
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
    handle: takePopularity({ popularity, readTrackId, onWritten }),
    maxBatch: maxMeasured,
  });

function readTrackId(id: string): string | null {
  try {
    return decodeId(id, 'track');
  } catch (error) {
    if (error instanceof InvalidIdError) return null;
    throw error;
  }
}
