import type { Logger, Metrics } from '@medley/service';
import { IndexUnavailableError, type SearchIndex } from './domain/search-index.ts';

/** An index whose answers are timed, and whose failures are logged. */
export function observeIndex(
  index: SearchIndex,
  { logger, metrics }: { logger: Logger; metrics: Metrics },
): SearchIndex {
  const seconds = metrics.histogram(
    'medley_search_index_seconds',
    'How long the index took to answer one call, by what was asked and how it went: ok, timeout, unavailable or failed.',
    ['call', 'outcome'],
  );
  const timed = async <Answer>(call: string, ask: () => Promise<Answer>): Promise<Answer> => {
    const observe = seconds.startTimer({ call });
    try {
      const answer = await ask();
      observe({ outcome: 'ok' });
      return answer;
    } catch (error) {
      const outcome = outcomeOf(error);
      observe({ outcome });
      logger.warn({ err: error, call, outcome }, 'the index did not answer');
      throw error;
    }
  };
  return {
    search: (queries) => timed('search', () => index.search(queries)),
    suggest: (query) => timed('suggest', () => index.suggest(query)),
    readState: () => index.readState(),
  };
}

function outcomeOf(error: unknown): string {
  if (!(error instanceof IndexUnavailableError)) return 'failed';
  return error.timedOut ? 'timeout' : 'unavailable';
}
