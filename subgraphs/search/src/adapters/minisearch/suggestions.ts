import type { DocumentKind } from '../../domain/search-document.ts';
import type { IndexedHit, SuggestQuery } from '../../domain/search-index.ts';
import { type Admits, createAudienceFilter } from './audience-filter.ts';
import { flags } from './document-table.ts';
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
import { shortBeginning } from './short-beginnings.ts';
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

/** How many of the best titles are remembered for the first letters, whoever asks. */
const remembered = 500;

/** The keys of the best titles of one kind, each text once. */
function topTitles(
  index: KindIndex,
  words: readonly string[],
  hash: number,
  { audience, limit }: SuggestQuery,
  matching: Matching,
): number[] {
  const admits = createAudienceFilter(index.documents, audience, null);
  const [beginning = ''] = words;
  if (words.length === 1 && beginning.length <= shortBeginning) {
    const best = index.shortBeginnings.get(beginning, () =>
      bestTitles(index, words, hash, matching, null, remembered),
    );
    const keys = eachTextOnce(
      index,
      best.filter((key) => admits(documentOfKey(key))),
      limit,
    );
    if (keys.length === limit || best.length < remembered) return keys;
  }
  // Many songs have one title, so that the best hundred may be one text: then look at more of them.
  for (let size = limit * 16; ; size *= 16) {
    const best = bestTitles(index, words, hash, matching, admits, size);
    const keys = eachTextOnce(index, best, limit);
    if (keys.length === limit || best.length < size) return keys;
  }
}

function bestTitles(
  index: KindIndex,
  words: readonly string[],
  hash: number,
  matching: Matching,
  admits: Admits | null,
  size: number,
): Float64Array {
  const { titleHashes, popularities, flags: flagsOf } = index.documents.columns;
  const { documents, fits } = matching.match(index, words, true);
  const top = new TopKeys(Math.min(size, documents.length + 1));
  for (let at = 0; at < documents.length; at++) {
    const document = documents[at] as number;
    const fit = fits[document] as number;
    if (wordsFound(fit) < words.length || flagsOf[document] === flags.removed) continue;
    if (admits && !admits(document)) continue;
    const relevance = suggestionRelevanceOf(fit, words.length, titleHashes[document] === hash);
    top.offer(keyOf(relevance, popularities[document] as number, document));
  }
  return top.descending();
}

function eachTextOnce({ documents }: KindIndex, best: Float64Array, limit: number): number[] {
  const taken = new Set<number>();
  const keys: number[] = [];
  for (const key of best) {
    const titleHash = documents.columns.titleHashes[documentOfKey(key)] as number;
    if (taken.has(titleHash)) continue;
    taken.add(titleHash);
    keys.push(key);
    if (keys.length === limit) break;
  }
  return keys;
}
