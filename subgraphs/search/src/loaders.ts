import DataLoader from 'dataloader';
import { mergeQueries } from './domain/merge-queries.ts';
import type { SearchIndex, SearchPage, SearchQuery } from './domain/search-index.ts';

/** The loaders of one request: what its fields look for together is one call to the index. */
export function createLoaders(index: SearchIndex) {
  return {
    pages: new DataLoader<SearchQuery, SearchPage, string>(
      async (queries) => {
        const { merged, pagesOf } = mergeQueries(queries);
        return pagesOf(await index.search(merged));
      },
      { cacheKeyFn: (query) => JSON.stringify(query) },
    ),
  };
}

export type Loaders = ReturnType<typeof createLoaders>;
