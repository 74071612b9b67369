import { type DocumentKind, documentKinds } from './search-document.ts';
import type { Audience, IndexedHit, SearchFilter, SearchQuery } from './search-index.ts';

/** What somebody looks for, on all pages of all kinds. */
export interface Search {
  /** 1 to 200 characters, trimmed. */
  readonly text: string;
  readonly filter: SearchFilter;
  readonly audience: Audience;
  /** Whether what the market may not play was asked for: `audience` has no market then. */
  readonly includeUnavailable: boolean;
}

/** One list of a search, or a part of it. */
export function queryOf(
  { text, filter, audience }: Search,
  part: Pick<SearchQuery, 'kind' | 'offset' | 'limit' | 'facets'>,
): SearchQuery {
  return { text, filter, audience, ...part };
}

/** How far down anybody looks: who wants more has to say more. */
export const maxDepth = 1_000;

/** The kinds that a search can find: playlists have nothing that a filter could be about. */
export function kindsOf({ filter }: Search): readonly DocumentKind[] {
  const isFiltered = Object.values(filter).some((condition) => condition !== null);
  return isFiltered ? documentKinds.filter((kind) => kind !== 'playlist') : documentKinds;
}

/** The best of the best hits of each kind: by score, then popularity, then kind. Null when there is none. */
export function chooseTopHit(hits: readonly IndexedHit[]): IndexedHit | null {
  const [best] = hits.toSorted(
    (a, b) =>
      b.score - a.score || b.popularity - a.popularity || kindRank.indexOf(a.kind) - kindRank.indexOf(b.kind),
  );
  return best ?? null;
}

// A name that is both a person's and a title's is more often looked for as the person's.
const kindRank: readonly DocumentKind[] = ['artist', 'track', 'album', 'playlist'];
