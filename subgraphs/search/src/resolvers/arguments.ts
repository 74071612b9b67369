import { badUserInput } from '@medley/errors';
import { idArgument, type RequestInfo } from '@medley/subgraph';
import type { Search } from '../domain/search.ts';
import type { Audience, SearchFilter } from '../domain/search-index.ts';
import type { QuerySearchArgs } from '../generated/graphql.ts';

/** @throws MedleyError BAD_USER_INPUT that names the argument, what it must be and what came */
export function searchArguments(
  { query, filter, includeUnavailable }: QuerySearchArgs,
  request: RequestInfo,
): Search {
  const everything = includeUnavailable ?? false;
  return {
    text: textArgument('query', query, 200),
    filter: filterArgument(filter),
    audience: audienceOf(request, everything),
    includeUnavailable: everything,
  };
}

/**
 * The text of an argument, trimmed and composed (NFC), so that one word has one spelling.
 * @param most how many characters (code points) it may have then; at least one
 */
export function textArgument(name: string, given: string, most: number): string {
  // Half a character comes from clients that cut text by its code units; no index takes it.
  const text = given
    .replaceAll(/\p{Surrogate}/gu, ' ')
    .trim()
    .normalize('NFC');
  const length = [...text].length;
  if (length < 1 || length > most)
    throw badUserInput(`${name} must have 1..${most} characters, got ${length}`);
  return text;
}

/** Whom hits are for: where the market is unknown nothing is left out for its sake. */
export function audienceOf(request: RequestInfo, includeUnavailable: boolean): Audience {
  return { market: includeUnavailable ? null : request.market, explicit: request.explicit };
}

export function suggestionCount(first: number): number {
  if (first < 1 || first > 20) throw badUserInput(`first must be 1..20, got ${first}`);
  return first;
}

function filterArgument(given: QuerySearchArgs['filter']): SearchFilter {
  const genreId = given?.genreId ?? null;
  if (genreId !== null) idArgument('filter.genreId', genreId, 'genre');
  return {
    genreId,
    decades: given?.decades ? decadesArgument(given.decades) : null,
    explicit: given?.explicit ?? null,
  };
}

function decadesArgument(given: readonly number[]): number[] {
  if (given.length < 1 || given.length > 20)
    throw badUserInput(`filter.decades must name 1..20 decades, got ${given.length}`);
  const wrong = given.find((year) => year % 10 !== 0 || year < 0 || year > 9_990);
  if (wrong !== undefined)
    throw badUserInput(`filter.decades must be the first years of decades, such as 1990, got ${wrong}`);
  return [...new Set(given)].sort((a, b) => a - b);
}
