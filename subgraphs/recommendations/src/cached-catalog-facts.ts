import type { Metrics } from '@medley/service';
import { LRUCache } from 'lru-cache';
import type { CatalogFacts, TrackFacts } from './domain/catalog-facts.ts';

export interface CachedCatalogFactsOptions {
  readonly metrics: Metrics;
  /** How old an answer may be, in milliseconds; a track that is withdrawn is still recommended for so long. 10 s unless told otherwise. */
  readonly ttlMs?: number;
  /** Tracks that are kept, about 1 KB each. */
  readonly maxTracks?: number;
  /** Milliseconds, of any beginning. */
  readonly clock?: () => number;
}

/**
 * Reads what recommendations know of the catalog through the memory of this process: a page of a radio looks at hundreds of candidates,
 * and the next page at the same ones. What is unknown is remembered too.
 */
export function createCachedCatalogFacts(
  facts: CatalogFacts,
  { metrics, ttlMs = 10_000, maxTracks = 20_000, clock = () => performance.now() }: CachedCatalogFactsOptions,
): CatalogFacts {
  const lookups = metrics.counter(
    'medley_recommendations_catalog_lookups_total',
    'Things looked up in the copy of the catalog, or lists of them: hit (in memory) or miss',
    ['name', 'result'],
  );
  const count = (name: string, asked: number, missed: number) => {
    lookups.inc({ name, result: 'hit' }, asked - missed);
    lookups.inc({ name, result: 'miss' }, missed);
  };

  const aging = { ttl: ttlMs, ttlResolution: 0, perf: { now: clock } };

  function byKey<Value extends object>(
    name: string,
    max: number,
    find: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
  ) {
    type Read = Promise<ReadonlyMap<string, Value>>;
    const known = new LRUCache<string, { readonly value: Value | undefined }>({ max, ...aging });
    // The shelves of one page want the same things at the same time.
    const underWay = new Map<string, Read>();

    async function read(keys: readonly string[]): Read {
      try {
        const values = await find(keys);
        for (const key of keys) known.set(key, { value: values.get(key) });
        return values;
      } finally {
        for (const key of keys) underWay.delete(key);
      }
    }

    return async (keys: readonly string[]): Read => {
      const found = new Map<string, Value>();
      const awaited = new Map<string, Read>();
      const missing: string[] = [];
      for (const key of keys) {
        const entry = known.get(key);
        const reading = underWay.get(key);
        if (entry) {
          if (entry.value !== undefined) found.set(key, entry.value);
        } else if (reading) awaited.set(key, reading);
        else missing.push(key);
      }
      count(name, keys.length, missing.length);
      if (missing.length > 0) {
        const reading = read(missing);
        for (const key of missing) {
          underWay.set(key, reading);
          awaited.set(key, reading);
        }
      }
      await Promise.all(awaited.values());
      for (const [key, reading] of awaited) {
        const value = (await reading).get(key);
        if (value !== undefined) found.set(key, value);
      }
      return found;
    };
  }

  /** Lists by what was asked; asked again meanwhile, it is asked once. */
  function byQuestion<Asked, Answer>(name: string, max: number, ask: (asked: Asked) => Promise<Answer>) {
    const known = new LRUCache<string, Promise<Answer>>({ max, ...aging });
    return (asked: Asked): Promise<Answer> => {
      const key = JSON.stringify(asked);
      const before = known.get(key);
      count(name, 1, before ? 0 : 1);
      if (before) return before;
      const answer = ask(asked);
      known.set(key, answer);
      answer.catch(() => known.delete(key));
      return answer;
    };
  }

  const findTracks = byKey('track', maxTracks, (ids) => facts.findTracks(ids));
  const findArtists = byKey('artist', maxTracks / 4, (ids) => facts.findArtists(ids));
  const findAlbums = byKey('album', maxTracks / 4, (ids) => facts.findAlbums(ids));
  const findGenres = byKey('genre', 5_000, (ids) => facts.findGenres(ids));
  const genres = byQuestion('genres', 1, (_: 'all') => facts.allGenres());
  const popular = byQuestion('popular', 80, (asked: Parameters<CatalogFacts['popular']>[0]) =>
    facts.popular(asked),
  );
  const artistTracks = byKey<readonly TrackFacts[]>('artist-tracks', 2_000, async (keys) => {
    const [, limit] = splitKey(keys[0] as string);
    const found = await facts.tracksOfArtists(
      keys.map((key) => splitKey(key)[0]),
      limit,
    );
    return new Map([...found].map(([id, tracks]) => [`${id} ${limit}`, tracks]));
  });

  return {
    findTracks,
    findArtists,
    findAlbums,
    findGenres,
    allGenres: () => genres('all'),
    // The same genres in another order are the same question.
    popular: ({ genreIds, ...asked }) =>
      popular(genreIds ? { ...asked, genreIds: genreIds.toSorted() } : asked),
    async tracksOfArtists(artistIds, limit) {
      const found = await artistTracks(artistIds.map((id) => `${id} ${limit}`));
      return new Map([...found].map(([key, tracks]) => [splitKey(key)[0], tracks]));
    },
    newTracksOfArtists: (artistIds, since, limit) => facts.newTracksOfArtists(artistIds, since, limit),
    tracksAfter: (after, limit) => facts.tracksAfter(after, limit),
  };
}

function splitKey(key: string): [id: string, limit: number] {
  const [id, limit] = key.split(' ') as [string, string];
  return [id, Number(limit)];
}
