import { IndexUnavailableError, type SearchIndex } from './search-index.ts';

/**
 * An index whose questions end in time, whatever its adapter does.
 * @param timeoutMs after which it is given up with an IndexUnavailableError
 */
export function boundIndex(index: SearchIndex, timeoutMs: number): SearchIndex {
  const inTime = <Answer>(asked: Promise<Answer>): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new IndexUnavailableError(`no answer within ${timeoutMs} ms`, { timedOut: true }));
      }, timeoutMs);
      asked.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  return {
    search: (queries) => inTime(index.search(queries)),
    suggest: (query) => inTime(index.suggest(query)),
    readState: () => inTime(index.readState()),
  };
}
