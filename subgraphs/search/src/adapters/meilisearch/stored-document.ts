import type { Settings } from 'meilisearch';
import type { SearchDocument } from '../../domain/search-document.ts';
import { plainLetters } from '../plain-letters.ts';
import { type StoredMarkets, storedMarkets } from './stored-markets.ts';

/** A document as Meilisearch has it. */
export interface StoredDocument extends StoredMarkets {
  readonly id: string;
  /** In plain letters, of which Meilisearch makes fewer than people do. */
  readonly title: string;
  /** The title as it is; null when that has plain letters anyway. */
  readonly original: string | null;
  readonly artistNames: readonly string[];
  readonly albumTitle: string | null;
  readonly description: string | null;
  readonly genreIds: readonly string[];
  readonly decade: number | null;
  readonly explicit: boolean;
  readonly popularity: number;
}

export function storedDocument(document: SearchDocument): StoredDocument {
  const { title, albumTitle, description, markets } = document;
  const plainTitle = plainLetters(title);
  return {
    id: document.id,
    title: plainTitle,
    original: plainTitle === title ? null : title,
    artistNames: document.artistNames.map(plainLetters),
    albumTitle: albumTitle && plainLetters(albumTitle),
    description: description && plainLetters(description),
    genreIds: document.genreIds,
    decade: document.decade,
    explicit: document.explicit,
    ...storedMarkets(markets),
    popularity: document.popularity,
  };
}

const onlyEqual = { facetSearch: false, filter: { equality: true, comparison: false } };

/** @param cutoffMs after which a search is answered with what was found until then */
export function documentSettings(cutoffMs: number): Settings {
  return {
    searchableAttributes: ['title', 'artistNames', 'albumTitle', 'description'],
    displayedAttributes: ['id', 'title', 'original', 'popularity'],
    filterableAttributes: [
      // The title, so that each text is suggested once.
      {
        attributePatterns: ['markets', 'barred', 'genreIds', 'decade', 'explicit', 'title'],
        features: onlyEqual,
      },
    ],
    sortableAttributes: ['popularity'],
    // `sort` is for suggestions, which have nothing but popularity after the typing errors.
    rankingRules: ['words', 'typo', 'sort', 'exactness', 'proximity', 'attributeRank', 'popularity:desc'],
    typoTolerance: { minWordSizeForTypos: { oneTypo: 4, twoTypos: 8 }, disableOnNumbers: true },
    pagination: { maxTotalHits: 1_001 },
    faceting: { maxValuesPerFacet: 100, sortFacetValuesBy: { '*': 'count' } },
    searchCutoffMs: cutoffMs,
  };
}
