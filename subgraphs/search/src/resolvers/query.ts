import type { QueryResolvers } from '../generated/graphql.ts';
import { audienceOf, searchArguments, suggestionCount, textArgument } from './arguments.ts';
import { fromIndex } from './from-index.ts';

export const Query: QueryResolvers = {
  search: (_, given, { request }) => searchArguments(given, request),
  searchSuggestions: async (_, { prefix, first }, { index, request }) => {
    const query = {
      prefix: textArgument('prefix', prefix, 100),
      audience: audienceOf(request, false),
      limit: suggestionCount(first),
    };
    return [...(await fromIndex(index.suggest(query)))];
  },
  searchStatus: async (_, __, { index, indexing }) => {
    const [{ counts, builtAt }, { sources, rebuild }] = await Promise.all([
      fromIndex(index.readState()),
      indexing.status(),
    ]);
    return {
      documents: {
        tracks: counts.track,
        artists: counts.artist,
        albums: counts.album,
        playlists: counts.playlist,
      },
      sources: [...sources],
      lastRebuildAt: builtAt,
      rebuild,
    };
  },
};
