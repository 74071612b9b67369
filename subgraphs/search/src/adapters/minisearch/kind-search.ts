import type { IndexedHit, SearchPage, SearchQuery } from '../../domain/search-index.ts';
import { createAudienceFilter } from './audience-filter.ts';
import { FacetCounter } from './facet-counter.ts';
import { highlight } from './highlighting.ts';
import type { KindIndex } from './kind-index.ts';
import type { Matching } from './matching.ts';
import { readQuery } from './query.ts';
import { documentOfKey, hashOf, keyOf, relevanceOf, relevanceOfKey, scoreOf, wordsFound } from './ranking.ts';
import { TopKeys } from './top-keys.ts';

/** Answers one query from the documents of its kind. */
export function searchKind(
  index: KindIndex,
  query: SearchQuery,
  matching: Matching,
): Omit<SearchPage, 'generation'> {
  const { documents } = index;
  const { words, text } = readQuery(query.text);
  const hash = hashOf(text);
  const admits = createAudienceFilter(documents, query.audience, query.filter);
  const facets = query.facets ? new FacetCounter(documents) : null;
  const top = query.limit > 0 ? new TopKeys(query.offset + query.limit) : null;
  // A document that has less than half of what was asked for is noise.
  const least = Math.ceil(words.length / 2);

  const { documents: found, fits } = matching.match(index, words, false);
  for (let at = 0; at < found.length; at++) {
    const document = found[at] as number;
    const fit = fits[document] as number;
    if (wordsFound(fit) < least || !admits(document)) continue;
    facets?.count(document);
    if (!top) continue;
    const same = documents.columns.titleHashes[document] === hash;
    const relevance = relevanceOf(
      fit,
      words.length,
      documents.columns.titleLengths[document] as number,
      same,
    );
    top.offer(keyOf(relevance, documents.columns.popularities[document] as number, document));
  }

  const keys = top?.descending().subarray(query.offset) ?? [];
  return {
    hits: Array.from(keys, (key): IndexedHit => {
      const document = documentOfKey(key);
      const title = documents.titles[document] as string;
      return {
        id: documents.ids[document] as string,
        kind: query.kind,
        title,
        highlights: highlight(title, words, documents.columns.titleHashes[document] === hash),
        score: scoreOf(relevanceOfKey(key), words.length),
        popularity: documents.columns.popularities[document] as number,
      };
    }),
    facets: facets?.read() ?? null,
  };
}
