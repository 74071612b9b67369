import type { Resolvers } from '../generated/graphql.ts';
import { SearchFacets } from './facets.ts';
import { hits } from './hits.ts';
import { Query } from './query.ts';
import { toReference } from './reference.ts';
import { SearchResult } from './search-result.ts';

export const resolvers: Resolvers = {
  Query,
  SearchResult,
  SearchFacets,
  ...hits,
  SearchTopResult: { item: toReference },
  SearchSuggestion: {
    text: ({ title }) => title,
    highlights: ({ highlights }) => [...highlights],
    item: toReference,
  },
  // An Int ends at 2^31: a source that was away for a month is as bad as one that was for 24 days.
  SearchSourceStatus: { lagMs: ({ lagMs }) => lagMs && Math.min(lagMs, 2 ** 31 - 1) },
};
