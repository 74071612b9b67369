import type { SearchPage, SearchQuery } from './search-index.ts';

/**
 * Makes one query of those that begin at the same place of the same list: the best hit, the first page and the facets of
 * one search are one question.
 * @returns the fewer queries, and how to read the pages of the ones that were given out of their answers
 */
export function mergeQueries(queries: readonly SearchQuery[]): {
  readonly merged: readonly SearchQuery[];
  pagesOf(answers: readonly SearchPage[]): readonly SearchPage[];
} {
  const merged: SearchQuery[] = [];
  const placeByList = new Map<string, number>();
  const places = queries.map((query) => {
    const { limit, facets, ...list } = query;
    const key = JSON.stringify([list.kind, list.text, list.audience, list.filter, list.offset]);
    const place = placeByList.get(key) ?? merged.length;
    placeByList.set(key, place);
    const before = merged[place] ?? query;
    merged[place] = {
      ...list,
      limit: Math.max(limit, before.limit),
      facets: facets || before.facets,
    };
    return place;
  });
  return {
    merged,
    pagesOf: (answers) =>
      queries.map(({ limit, facets }, index) => {
        const answer = answers[places[index] as number];
        if (!answer) throw new Error(`expected ${merged.length} pages of the index, got ${answers.length}`);
        return {
          hits: answer.hits.slice(0, limit),
          facets: facets ? answer.facets : null,
          generation: answer.generation,
        };
      }),
  };
}
