import {
  type Cache,
  type CachedReader,
  type CacheMetrics,
  createCachedReader,
  createCacheMetrics,
  type TtlClass,
  ttlClasses,
} from '@medley/cache';
import type { CatalogRepository } from '../domain/catalog-repository.ts';
import type { CatalogChange } from '../domain/change-log.ts';
import type { ListQuery, Slice } from '../domain/lists.ts';
import type { Track } from '../domain/model.ts';
import { type CachedValue, cachedValues, cachedVersion } from './cached-values.ts';
import { createMarketSets } from './market-sets.ts';
import { staleKeys } from './stale-keys.ts';

/** A catalog read through a cache. */
export interface CachedCatalog {
  readonly catalog: CatalogRepository;
  /**
   * Forgets what these changes made untrue.
   * @returns whether nobody can read it any more; when it is false, call it again
   */
  forget(changes: readonly CatalogChange[]): Promise<boolean>;
}

/**
 * A change names rows, so rows are forgotten when it is heard of. It does not name pages: one list has as many as there are
 * sizes, markets and filters. So pages are kept for a short time instead.
 */
const listTtl: TtlClass = { seconds: 15, negativeSeconds: 15 };

/**
 * Reads rows by id or slug, what they are linked to, totals, and first pages of lists through a cache. What decisions about
 * playback rest on is always read from the database.
 */
export function createCachedCatalogRepository(
  database: CatalogRepository,
  { cache, metrics = createCacheMetrics() }: { readonly cache: Cache; readonly metrics?: CacheMetrics },
): CachedCatalog {
  const marketSets = createMarketSets(cache);
  const createReader = <Key, Value>(
    name: string,
    value: CachedValue<Value>,
    options: {
      keyText: (key: Key) => string;
      load: (keys: readonly Key[]) => Promise<readonly (Value | null)[]>;
      ttl?: TtlClass;
    },
  ) =>
    createCachedReader<Key, Value>({
      ...{ cache, metrics, namespace: 'catalog', version: cachedVersion, name },
      ...{ ttl: ttlClasses.metadata, ...value, ...options },
    });
  const byMap = <Value>(
    name: string,
    value: CachedValue<Value>,
    find: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
  ) =>
    createReader<string, Value>(name, value, {
      keyText: (key) => key,
      async load(keys) {
        const found = await find(keys);
        return keys.map((key) => found.get(key) ?? null);
      },
    });
  const byId = <Row extends { readonly id: string }>(
    name: string,
    value: CachedValue<Row>,
    find: (ids: readonly string[]) => Promise<readonly Row[]>,
  ) => byMap(name, value, async (ids) => new Map((await find(ids)).map((row) => [row.id, row])));

  const artists = byId('artist', cachedValues.artist, (ids) => database.findArtistsByIds(ids));
  const albums = byId('album', cachedValues.album, (ids) => database.findAlbumsByIds(ids));
  const genres = byId('genre', cachedValues.genre, (ids) => database.findGenresByIds(ids));
  const tracks = byId('track', cachedValues.track, async (ids) => {
    const rows = await database.findTracksByIds(ids);
    const names = marketSets.keep(rows.map(({ availableMarkets }) => availableMarkets));
    return rows.map(({ availableMarkets: _, ...row }, index) => ({
      ...row,
      markets: names[index] as string,
    }));
  });
  const genresBySlug = byMap('genre-by-slug', cachedValues.genre, async (slugs) => {
    const found = await database.findGenresBySlugs(slugs);
    return new Map(found.map((genre) => [genre.slug, genre]));
  });
  const artistGenres = byMap('artist-genres', cachedValues.ids, (ids) => database.findGenreIdsOfArtists(ids));
  const albumArtists = byMap('album-artists', cachedValues.ids, (ids) => database.findArtistIdsOfAlbums(ids));
  const trackArtists = byMap('track-artists', cachedValues.ids, (ids) => database.findArtistIdsOfTracks(ids));
  const audioFeatures = byMap('audio-features', cachedValues.audioFeatures, (ids) =>
    database.findAudioFeatures(ids),
  );
  const albumTotals = byMap('album-totals', cachedValues.totals, (ids) => database.findTotalsOfAlbums(ids));
  const firstPages = createReader<PageKey, Slice>('first-page', cachedValues.slice, {
    keyText: pageText,
    // Keys that are loaded together come from one call, so they differ in the parent only.
    load: (keys) =>
      database.findPages(
        (keys[0] as PageKey).query,
        keys.map(({ parentId }) => parentId),
      ),
    ttl: listTtl,
  });

  async function findTracksByIds(ids: readonly string[]): Promise<readonly Track[]> {
    const found = await readPresent(tracks, ids);
    const sets = await marketSets.findByNames(found.map(({ markets }) => markets));
    const complete: Track[] = [];
    const lost: string[] = [];
    for (const { markets, ...row } of found) {
      const availableMarkets = sets.get(markets);
      if (availableMarkets) complete.push({ ...row, availableMarkets });
      else lost.push(row.id);
    }
    if (lost.length === 0) return complete;
    // The cache may forget a set before the tracks that name it.
    const rows = await database.findTracksByIds(lost);
    marketSets.keep(rows.map(({ availableMarkets }) => availableMarkets));
    return [...complete, ...rows];
  }

  return {
    catalog: {
      findArtistsByIds: (ids) => readPresent(artists, ids),
      findAlbumsByIds: (ids) => readPresent(albums, ids),
      findTracksByIds,
      findGenresByIds: (ids) => readPresent(genres, ids),
      findGenresBySlugs: (slugs) => readPresent(genresBySlug, slugs),
      findGenreIdsOfArtists: (ids) => readMap(artistGenres, ids),
      findArtistIdsOfAlbums: (ids) => readMap(albumArtists, ids),
      findArtistIdsOfTracks: (ids) => readMap(trackArtists, ids),
      findAudioFeatures: (ids) => readMap(audioFeatures, ids),
      findTotalsOfAlbums: (ids) => readMap(albumTotals, ids),
      findPages: async (query, parentIds) =>
        isFirstPage(query)
          ? // A slice is never missing, also not of a parent that does not exist.
            ((await firstPages.readMany(parentIds.map((parentId) => ({ query, parentId })))) as Slice[])
          : database.findPages(query, parentIds),
      findLicences: (keys) => database.findLicences(keys),
      findPlaybackFacts: (trackIds) => database.findPlaybackFacts(trackIds),
      ping: () => database.ping(),
    },
    async forget(changes) {
      const stale = staleKeys(changes);
      const forgotten = await Promise.all([
        artists.forget(stale.artists),
        artistGenres.forget(stale.artists),
        albums.forget(stale.albums),
        albumArtists.forget(stale.albums),
        albumTotals.forget(stale.totals),
        tracks.forget(stale.tracks),
        trackArtists.forget(stale.tracks),
        audioFeatures.forget(stale.tracks),
        genres.forget(stale.genres),
        genresBySlug.forget(stale.genreSlugs),
      ]);
      return forgotten.every(Boolean);
    },
  };
}

async function readPresent<Row>(
  reader: CachedReader<string, Row>,
  keys: readonly string[],
): Promise<readonly Row[]> {
  return (await reader.readMany(keys)).filter((row) => row !== null);
}

async function readMap<Value>(
  reader: CachedReader<string, Value>,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Value>> {
  const values = await reader.readMany(keys);
  const found = new Map<string, Value>();
  for (const [index, key] of keys.entries()) {
    const value = values[index] ?? null;
    if (value !== null) found.set(key, value);
  }
  return found;
}

interface PageKey {
  readonly query: ListQuery;
  readonly parentId: string | null;
}

const isFirstPage = ({ page }: ListQuery) =>
  page.direction === 'forward' && page.after === null && page.before === null;

function pageText({ query, parentId }: PageKey): string {
  const { list, page, types, audience, today, leaving } = query;
  const audienceText = audience && `${audience.market ?? '*'}${audience.explicit ? '' : ' clean'}`;
  const leavingText = leaving && `${leaving.market} ${leaving.withinDays}`;
  return [
    list,
    parentId ?? '',
    page.limit,
    types?.join(' ') ?? '',
    audienceText ?? '',
    today ?? '',
    leavingText ?? '',
  ].join('/');
}
