import type { Logger, Metrics } from '@medley/service';
import type { Dispensable, Note } from './domain/in-time.ts';

/** How often the log tells the same, in milliseconds: when a store is away each request would. */
const pauseMs = 10_000;

/** Notes what answers are made without: counts each, and tells the log of some. */
export function createNote({
  logger,
  metrics,
  clock,
}: {
  readonly logger: Logger;
  readonly metrics: Metrics | undefined;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}): Note {
  const answers = metrics?.counter(
    'medley_recommendations_incomplete_total',
    'Answers that were made without something, as it failed or came too late, by what that is',
    ['without'],
  );
  const toldAt = new Map<Dispensable, number>();
  return (without, error) => {
    answers?.inc({ without });
    if (clock() - (toldAt.get(without) ?? 0) < pauseMs) return;
    toldAt.set(without, clock());
    logger.warn({ err: error, without }, 'an answer was made without something');
  };
}
