import type { DocumentKind } from '../../domain/search-document.ts';
import type { IndexedHit, SuggestQuery } from '../../domain/search-index.ts';
import { createAudienceFilter } from './audience-filter.ts';
import { highlight } from './highlighting.ts';
import type { KindIndex } from './kind-index.ts';
import type { Matching } from './matching.ts';
import { readQuery } from './query.ts';
import {
  bestSuggestion,
  documentOfKey,
  hashOf,
  keyOf,
  rankOfKey,
  suggestionRelevanceOf,
  wordsFound,
} from './ranking.ts';
import { TopKeys } from './top-keys.ts';

/** The kinds whose titles are suggested; among equals the first one stands for the text. */
const suggestedKinds = ['artist', 'album', 'track'] as const satisfies readonly DocumentKind[];

/** Names and titles by their words, each text once, the best first. */
export function suggestFrom(
  kinds: Readonly<Record<DocumentKind, KindIndex>>,
  query: SuggestQuery,
  matching: Matching,
): IndexedHit[] {
  const { words, text } = readQuery(query.prefix);
  const hash = hashOf(text);
  const candidates = suggestedKinds
    .flatMap((kind) =>
      topTitles(kinds[kind], words, hash, query, matching).map((key) => ({
        kind,
        document: documentOfKey(key),
        rank: rankOfKey(key),
      })),
    )
    .sort((a, b) => b.rank - a.rank);

  const taken = new Set<number>();
  const hits: IndexedHit[] = [];
  for (const { kind, document, rank } of candidates) {
    const { documents } = kinds[kind];
    const titleHash = documents.columns.titleHashes[document] as number;
    if (taken.has(titleHash)) continue;
    taken.add(titleHash);
    const title = documents.titles[document] as string;
    hits.push({
      id: documents.ids[document] as string,
      kind,
      title,
      highlights: highlight(title, words, titleHash === hash),
      score: Math.floor(rank / 128) / bestSuggestion,
      popularity: documents.columns.popularities[document] as number,
    });
    if (hits.length === query.limit) break;
  }
  return hits;
}

/** The keys of the best titles of one kind, each text once. */
function topTitles(
  index: KindIndex,
  words: readonly string[],
  hash: number,
  { audience, limit }: SuggestQuery,
  matching: Matching,
): number[] {
  const { documents } = index;
  const admits = createAudienceFilter(documents, audience, null);
  const { documents: found, fits } = matching.match(index, words, true);

  // Many songs have one title, so that the best hundred may be one text: then look at more of them.
  for (let size = limit * 16; ; size *= 16) {
    const top = new TopKeys(Math.min(size, found.length + 1));
    let offered = 0;
    for (let at = 0; at < found.length; at++) {
      const document = found[at] as number;
      const fit = fits[document] as number;
      if (wordsFound(fit) < words.length || !admits(document)) continue;
      const titleHash = documents.columns.titleHashes[document] as number;
      const relevance = suggestionRelevanceOf(fit, words.length, titleHash === hash);
      top.offer(keyOf(relevance, documents.columns.popularities[document] as number, document));
      offered += 1;
    }
    const taken = new Set<number>();
    const keys: number[] = [];
    for (const key of top.descending()) {
      const titleHash = documents.columns.titleHashes[documentOfKey(key)] as number;
      if (taken.has(titleHash)) continue;
      taken.add(titleHash);
      keys.push(key);
      if (keys.length === limit) return keys;
    }
    if (offered <= size) return keys;
  }
}
