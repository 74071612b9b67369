import { inTime } from '@medley/timing';
import { IndexUnavailableError, type SearchIndex } from './search-index.ts';

/**
 * An index whose questions end in time, whatever its adapter does.
 * @param timeoutMs after which it is given up with an IndexUnavailableError
 */
export function boundIndex(index: SearchIndex, timeoutMs: number): SearchIndex {
  const bound = <Answer>(asked: Promise<Answer>) =>
    inTime(
      asked,
      timeoutMs,
      () => new IndexUnavailableError(`no answer within ${timeoutMs} ms`, { timedOut: true }),
    );
  return {
    search: (queries) => bound(index.search(queries)),
    suggest: (query) => bound(index.suggest(query)),
    readState: () => bound(index.readState()),
  };
}
