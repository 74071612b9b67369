import type { SearchFacetsResolvers } from '../generated/graphql.ts';

/** How many genres are worth showing. */
const maxGenres = 20;

export const SearchFacets: SearchFacetsResolvers = {
  genres: ({ genres }) =>
    [...genres]
      .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, maxGenres)
      .map(([id, count]) => ({ genre: { id }, count })),
  decades: ({ decades }) =>
    [...decades].toSorted(([a], [b]) => b - a).map(([decade, count]) => ({ decade, count })),
  explicit: ({ explicit }) =>
    [...explicit]
      .toSorted(([a], [b]) => Number(b) - Number(a))
      .map(([value, count]) => ({ explicit: value, count })),
};
