import type { EntityKind } from '../domain/entity-feed.ts';

/** What each statement finds; ids are UUIDs. */
export interface EntityRow {
  readonly id: string;
  readonly title: string;
  readonly artists: readonly { readonly id: string; readonly name: string }[] | null;
  readonly albumId: string | null;
  readonly albumTitle: string | null;
  /** Joined by spaces. */
  readonly genreIds: string | null;
  readonly releaseYear: number | null;
  readonly popularity: number;
  readonly explicit: boolean;
  /** The different sets of markets of its tracks, joined by commas; each its codes, joined by spaces. */
  readonly marketSets: string | null;
}

const creditsOf = (links: string, owner: string) => `
  SELECT json_agg(json_build_object('id', artist.id, 'name', artist.name) ORDER BY position, artist.id) AS artists
  FROM catalog.${links} JOIN catalog.artists AS artist ON artist.id = artist_id WHERE ${owner} = item.id`;

const yearOf = (album: string) => `extract(year FROM ${album}.release_date)::int`;

/**
 * From one set of the artist to the next through the index of them: as many steps as there are different sets, whether the
 * artist has three tracks or a million.
 */
const marketSetsOfArtist = `
  WITH RECURSIVE found AS (
    (SELECT market_set_id AS id FROM catalog.track_artists WHERE artist_id = item.id ORDER BY market_set_id LIMIT 1)
    UNION ALL
    SELECT (
      SELECT market_set_id FROM catalog.track_artists
      WHERE artist_id = item.id AND market_set_id > found.id ORDER BY market_set_id LIMIT 1)
    FROM found WHERE found.id IS NOT NULL
  )
  SELECT string_agg((SELECT codes FROM catalog.market_sets AS noted WHERE noted.id = found.id), ',' ORDER BY id) AS sets
  FROM found`;

const marketSetsOfAlbum = `string_agg(DISTINCT array_to_string(track.available_markets, ' ') COLLATE "C", ',') AS sets`;

/** One statement for entities by ids (`$1`), one for a page of them after an id (`$1`), of `$2` at most. */
export const entitySql = {
  artist: statements(
    'catalog.artists',
    'true',
    (items) => `
    SELECT item.id, item.name AS title, NULL::json AS artists, NULL AS "albumId", NULL AS "albumTitle",
      genres.ids AS "genreIds", NULL::int AS "releaseYear", item.popularity, false AS explicit,
      tracks.sets AS "marketSets"
    FROM ${items} AS item
    CROSS JOIN LATERAL (
      SELECT string_agg(genre_id::text, ' ' ORDER BY position, genre_id) AS ids
      FROM catalog.artist_genres WHERE artist_id = item.id
    ) AS genres
    CROSS JOIN LATERAL (${marketSetsOfArtist}) AS tracks`,
  ),

  album: statements(
    'catalog.albums',
    'true',
    (items) => `
    SELECT item.id, item.title, credits.artists, NULL AS "albumId", NULL AS "albumTitle",
      genres.ids AS "genreIds", ${yearOf('item')} AS "releaseYear", coalesce(tracks.popularity, 0) AS popularity,
      coalesce(tracks.explicit, false) AS explicit, tracks.sets AS "marketSets"
    FROM ${items} AS item
    CROSS JOIN LATERAL (${creditsOf('album_artists', 'album_id')}) AS credits
    CROSS JOIN LATERAL (
      SELECT string_agg(DISTINCT genre_id::text, ' ') AS ids
      FROM catalog.album_artists JOIN catalog.artist_genres USING (artist_id) WHERE album_id = item.id
    ) AS genres
    CROSS JOIN LATERAL (
      SELECT max(popularity) AS popularity, bool_and(explicit) AS explicit, ${marketSetsOfAlbum}
      FROM catalog.tracks AS track WHERE album_id = item.id AND withdrawn_at IS NULL
    ) AS tracks`,
  ),

  track: statements(
    'catalog.tracks',
    'withdrawn_at IS NULL',
    (items) => `
    SELECT item.id, item.title, credits.artists, item.album_id AS "albumId", album.title AS "albumTitle",
      genres.ids AS "genreIds", ${yearOf('album')} AS "releaseYear", item.popularity, item.explicit,
      array_to_string(item.available_markets, ' ') AS "marketSets"
    FROM ${items} AS item
    LEFT JOIN catalog.albums AS album ON album.id = item.album_id
    CROSS JOIN LATERAL (${creditsOf('track_artists', 'track_id')}) AS credits
    CROSS JOIN LATERAL (
      SELECT string_agg(genre_id::text, ' ' ORDER BY genre_id) AS ids
      FROM catalog.genre_tracks WHERE track_id = item.id
    ) AS genres`,
  ),
} as const satisfies Readonly<Record<EntityKind, unknown>>;

function statements(table: string, condition: string, select: (items: string) => string) {
  return {
    byIds: select(`(SELECT * FROM ${table} WHERE id = ANY ($1::uuid[]) AND ${condition})`),
    after: `${select(`(SELECT * FROM ${table} WHERE id > $1::uuid AND ${condition} ORDER BY id LIMIT $2)`)}
      ORDER BY item.id`,
  };
}
