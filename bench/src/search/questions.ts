import type { SearchQuery, SuggestQuery } from '@medley/search/domain/search-index';
import type { Random } from '../random.ts';

const audience = { market: 'SE', explicit: true };
const filter = { genreId: null, decades: null, explicit: null };

/** What people look for: names as they are, half typed, with typing errors, two names at once, frequent words. */
export function someQueries(random: Random, names: readonly string[], count: number): string[] {
  const ways = [
    (name: string) => name,
    (name: string) => name.slice(0, Math.max(2, Math.ceil(name.length * 0.6))),
    (name: string) => misspelt(random, name),
    (name: string) => `${name} ${random.pick(names)}`,
    () =>
      random.pick(['love', 'the night', 'you and me', 'in the summer', 'la', 'feat', 'dance with me', 'a']),
  ];
  return Array.from({ length: count }, () => random.pick(ways)(random.pick(names)).toLowerCase());
}

/** What the screen of a search asks in one call: a page of each kind, and the facets of tracks. */
export function searchScreen(text: string): SearchQuery[] {
  return (['track', 'artist', 'album', 'playlist'] as const).map((kind) => ({
    kind,
    text,
    audience,
    filter,
    offset: 0,
    limit: 21,
    facets: kind === 'track',
  }));
}

/** Somebody types names: a question at each key, one name in three with a typing error. */
export function someTyping(random: Random, names: readonly string[], count: number): SuggestQuery[] {
  const asked: SuggestQuery[] = [];
  while (asked.length < count) {
    const name = random.pick(names).toLowerCase();
    const typed = random.below(3) === 0 ? misspelt(random, name) : name;
    for (let length = 1; length <= Math.min(12, typed.length) && asked.length < count; length++) {
      const prefix = typed.slice(0, length).trim();
      asked.push({ prefix, audience, limit: 8 });
    }
  }
  return asked;
}

/** With two letters swapped, one missing, or one wrong. */
function misspelt(random: Random, text: string): string {
  const at = random.below(Math.max(1, text.length - 1));
  const [before, letters, after] = [text.slice(0, at), text.slice(at, at + 2), text.slice(at + 2)];
  return (
    before + random.pick([[...letters].reverse().join(''), letters.slice(1), `x${letters.slice(1)}`]) + after
  );
}
