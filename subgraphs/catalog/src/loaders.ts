import DataLoader from 'dataloader';
import type { AudioFeatures } from './domain/audio-features.ts';
import type { CatalogRepository, LicencesKey } from './domain/catalog-repository.ts';
import type { CatalogEntity, EntityFeed, EntityKind } from './domain/entity-feed.ts';
import type { ListQuery, Slice } from './domain/lists.ts';
import type {
  Album,
  AlbumTotals,
  Artist,
  Genre,
  PlaybackFacts,
  Track,
  TrackLicences,
} from './domain/model.ts';

/** The list of one parent; null for the lists of the whole catalog. */
export interface ListKey {
  readonly query: ListQuery;
  readonly parentId: string | null;
}

/** The loaders of one request: what its resolvers ask for one by one is asked of the catalog in sets. */
export interface Loaders {
  readonly artists: DataLoader<string, Artist | null>;
  readonly albums: DataLoader<string, Album | null>;
  readonly tracks: DataLoader<string, Track | null>;
  readonly genres: DataLoader<string, Genre | null>;
  readonly genresBySlug: DataLoader<string, Genre | null>;
  readonly genreIdsOfArtist: DataLoader<string, readonly string[]>;
  readonly artistIdsOfAlbum: DataLoader<string, readonly string[]>;
  readonly artistIdsOfTrack: DataLoader<string, readonly string[]>;
  readonly audioFeaturesOfTrack: DataLoader<string, AudioFeatures | null>;
  readonly totalsOfAlbum: DataLoader<string, AlbumTotals>;
  readonly playbackFacts: DataLoader<string, PlaybackFacts | null>;
  readonly licences: DataLoader<LicencesKey, TrackLicences | null, string>;
  readonly entities: Readonly<Record<EntityKind, DataLoader<string, CatalogEntity | null>>>;
  readonly pages: DataLoader<ListKey, Slice, string>;
}

export function createLoaders(catalog: CatalogRepository, entities: EntityFeed): Loaders {
  const entitiesOf = (kind: EntityKind) => byKey((ids) => entities.findByIds(kind, ids), idOf);
  return {
    artists: byKey((ids) => catalog.findArtistsByIds(ids), idOf),
    albums: byKey((ids) => catalog.findAlbumsByIds(ids), idOf),
    tracks: byKey((ids) => catalog.findTracksByIds(ids), idOf),
    genres: byKey((ids) => catalog.findGenresByIds(ids), idOf),
    genresBySlug: byKey(
      (slugs) => catalog.findGenresBySlugs(slugs),
      (genre) => genre.slug,
    ),
    genreIdsOfArtist: byParent((ids) => catalog.findGenreIdsOfArtists(ids), []),
    artistIdsOfAlbum: byParent((ids) => catalog.findArtistIdsOfAlbums(ids), []),
    artistIdsOfTrack: byParent((ids) => catalog.findArtistIdsOfTracks(ids), []),
    audioFeaturesOfTrack: byParent<AudioFeatures | null>((ids) => catalog.findAudioFeatures(ids), null),
    totalsOfAlbum: byParent((ids) => catalog.findTotalsOfAlbums(ids), { trackCount: 0, durationMs: 0 }),
    playbackFacts: byKey((ids) => catalog.findPlaybackFacts(ids), idOf),
    licences: new DataLoader(
      async (keys) => {
        const found = new Map((await catalog.findLicences(keys)).map((row) => [licencesKeyText(row), row]));
        return keys.map((key) => found.get(licencesKeyText(key)) ?? null);
      },
      { cacheKeyFn: licencesKeyText },
    ),
    entities: { artist: entitiesOf('artist'), album: entitiesOf('album'), track: entitiesOf('track') },
    pages: new DataLoader((keys) => loadPages(catalog, keys), {
      cacheKeyFn: ({ query, parentId }) => JSON.stringify([parentId, query]),
    }),
  };
}

/** The rows that exist, in the order of their ids. */
export async function loadPresent<Row>(
  loader: DataLoader<string, Row | null>,
  ids: readonly string[],
): Promise<Row[]> {
  const rows = await Promise.all(ids.map((id) => loader.load(id)));
  return rows.filter((row) => row !== null);
}

const licencesKeyText = ({ trackId, market }: LicencesKey) => `${trackId}/${market ?? ''}`;

const idOf = (row: { id: string }) => row.id;

/** Gives rows back in the order of their keys, null where there is none. */
function byKey<Row>(
  find: (keys: readonly string[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<string, Row | null> {
  return new DataLoader(async (keys) => {
    const rows = new Map((await find(keys)).map((row) => [keyOf(row), row]));
    return keys.map((key) => rows.get(key) ?? null);
  });
}

function byParent<Value>(
  find: (parentIds: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
  none: Value,
): DataLoader<string, Value> {
  return new DataLoader(async (parentIds) => {
    const values = await find(parentIds);
    return parentIds.map((id) => values.get(id) ?? none);
  });
}

/** One statement for each field and set of arguments, whatever the number of parents. */
async function loadPages(catalog: CatalogRepository, keys: readonly ListKey[]): Promise<Slice[]> {
  const groups = new Map<string, ListKey[]>();
  for (const key of keys) {
    const name = JSON.stringify(key.query);
    const group = groups.get(name);
    if (group) group.push(key);
    else groups.set(name, [key]);
  }
  const slices = new Map<ListKey, Slice>();
  const load = async (group: readonly ListKey[], query: ListQuery) => {
    const parentIds = group.map(({ parentId }) => parentId);
    const found = await catalog.findPages(query, parentIds);
    for (const [index, key] of group.entries()) slices.set(key, found[index] as Slice);
  };
  await Promise.all([...groups.values()].map((group) => load(group, (group[0] as ListKey).query)));
  return keys.map((key) => slices.get(key) as Slice);
}
