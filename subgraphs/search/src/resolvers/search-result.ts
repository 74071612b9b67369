import { chooseTopHit, kindsOf, queryOf } from '../domain/search.ts';
import type { SearchResultResolvers } from '../generated/graphql.ts';
import { fromIndex } from './from-index.ts';
import { readHits } from './hits.ts';

export const SearchResult: SearchResultResolvers = {
  async topResult(search, _, { loaders }) {
    const bests = kindsOf(search).map((kind) =>
      loaders.pages.load(queryOf(search, { kind, offset: 0, limit: 1, facets: false })),
    );
    const pages = await fromIndex(Promise.all(bests));
    return chooseTopHit(pages.flatMap(({ hits }) => hits));
  },
  tracks: (search, given, context) =>
    readHits(context, search, given, { field: 'SearchResult.tracks', kind: 'track' }),
  artists: (search, given, context) =>
    readHits(context, search, given, { field: 'SearchResult.artists', kind: 'artist' }),
  albums: (search, given, context) =>
    readHits(context, search, given, { field: 'SearchResult.albums', kind: 'album' }),
  playlists: (search, given, context) =>
    readHits(context, search, given, { field: 'SearchResult.playlists', kind: 'playlist' }),
  async facets(search, _, { loaders }) {
    const query = queryOf(search, { kind: 'track', offset: 0, limit: 0, facets: true });
    return (await fromIndex(loaders.pages.load(query))).facets;
  },
};
