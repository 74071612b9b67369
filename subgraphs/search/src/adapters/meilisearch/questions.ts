import type { Hit, MultiSearchQuery } from 'meilisearch';
import type { DocumentKind } from '../../domain/search-document.ts';
import type { Facets, IndexedHit, SearchQuery } from '../../domain/search-index.ts';
import { plainLetters } from '../plain-letters.ts';
import { audienceFilter } from './audience-filter.ts';
import { highlightsOf } from './highlights.ts';
import type { StoredDocument } from './stored-document.ts';

/** What is shown of a document. */
export type ShownDocument = Pick<StoredDocument, 'id' | 'title' | 'original' | 'popularity'>;

/** Whether there is anything in the text to look for: without a word Meilisearch would find everything. */
export function hasWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/** The words alone, in plain letters: Meilisearch takes quotes for phrases and a hyphen before a word for "without". */
export function plainText(text: string): string {
  return plainLetters(text)
    .replace(/["“”„«»]/g, ' ')
    .replace(/(^|\s)[-–—]+/g, '$1');
}

export function searchQuestion(indexUid: string, query: SearchQuery): MultiSearchQuery {
  return {
    indexUid,
    q: plainText(query.text),
    filter: audienceFilter(query.audience, query.filter),
    offset: query.offset,
    limit: query.limit,
    facets: query.facets ? ['genreIds', 'decade', 'explicit'] : undefined,
    showMatchesPosition: true,
    showRankingScore: true,
  };
}

export function readHit(kind: DocumentKind, hit: Hit<ShownDocument>): IndexedHit {
  const title = hit.original ?? hit.title;
  return {
    id: hit.id,
    kind,
    title,
    highlights: highlightsOf(title, hit._matchesPosition?.title ?? []),
    score: hit._rankingScore ?? 0,
    popularity: hit.popularity,
  };
}

export function readFacets(distribution: Readonly<Record<string, Record<string, number>>>): Facets {
  const of = (name: string) => Object.entries(distribution[name] ?? {});
  return {
    genres: new Map(of('genreIds')),
    decades: new Map(of('decade').map(([decade, count]) => [Number(decade), count])),
    explicit: new Map(of('explicit').map(([explicit, count]) => [explicit === 'true', count])),
  };
}
