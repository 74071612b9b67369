import type { Hit, MultiSearchQuery } from 'meilisearch';
import type { DocumentKind } from '../../domain/search-document.ts';
import type { IndexedHit, SuggestQuery } from '../../domain/search-index.ts';
import { audienceFilter } from './audience-filter.ts';
import { plainText, readHit, type ShownDocument } from './questions.ts';

/** The kinds whose titles are suggested; among equals the first one stands for the text. */
export const suggestedKinds = ['artist', 'album', 'track'] as const satisfies readonly DocumentKind[];

/** Of each kind, so that those which begin like the query are among them. */
const candidates = 40;

export function suggestQuestion(indexUid: string, { prefix, audience }: SuggestQuery): MultiSearchQuery {
  return {
    indexUid,
    q: plainText(prefix),
    filter: audienceFilter(audience, null),
    limit: candidates,
    attributesToSearchOn: ['title'],
    matchingStrategy: 'all',
    sort: ['popularity:desc'],
    distinct: 'title',
    showMatchesPosition: true,
    showRankingScore: true,
    showRankingScoreDetails: true,
  };
}

/** The best of all kinds, each text once. */
export function bestSuggestions(
  found: readonly { readonly kind: DocumentKind; readonly hits: readonly Hit<ShownDocument>[] }[],
  { prefix, limit }: SuggestQuery,
): IndexedHit[] {
  const typed = comparable(prefix);
  const ranked = found
    .flatMap(({ kind, hits }) => hits.map((hit) => rank(readHit(kind, hit), hit, typed)))
    .sort((a, b) => a.errors - b.errors || b.begins - a.begins || b.hit.popularity - a.hit.popularity);
  const best = new Map<string, IndexedHit>();
  for (const { hit, text } of ranked) {
    if (best.size === limit) break;
    if (!best.has(text)) best.set(text, hit);
  }
  return [...best.values()];
}

function rank(hit: IndexedHit, { _rankingScoreDetails }: Hit<ShownDocument>, typed: string) {
  const text = comparable(hit.title);
  const typos = _rankingScoreDetails?.typo?.typoCount ?? 0;
  return {
    hit,
    text,
    // A word that is only begun and wrong too may be anything.
    errors: typos * 2 + (typos > 0 && endsWithinWord(hit) ? 1 : 0),
    // 2 for the very text.
    begins: text === typed ? 2 : text.startsWith(typed) || hit.highlights[0]?.start === 0 ? 1 : 0,
  };
}

/** Whether a word goes on after what was found of it. */
function endsWithinWord({ title, highlights }: IndexedHit): boolean {
  return highlights.some(({ end }) => /^[\p{L}\p{N}]/u.test(title.slice(end)));
}

/** Without case, accents and what stands between words. */
function comparable(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}
