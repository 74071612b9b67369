import {
  type AlbumFacts,
  type ArtistFacts,
  type CatalogFacts,
  type GenreFacts,
  lookedAt,
  type TrackFacts,
} from '../domain/catalog-facts.ts';
import { createMarketSets } from './catalog-market-sets.ts';
import type { PrismaClient } from './prisma-client.ts';

/**
 * Reads the copy of the catalog, each question by one statement.
 * @param clock milliseconds since 1970: what comes out later is not out yet
 */
export function createPrismaCatalogFacts(client: PrismaClient, clock: () => number = Date.now): CatalogFacts {
  const marketsOfSets = createMarketSets(client);
  const today = () => new Date(clock()).toISOString().slice(0, 10);

  async function readTracks(sql: string, ...parameters: unknown[]): Promise<TrackFacts[]> {
    const rows = await client.$queryRawUnsafe<TrackRow[]>(sql, today(), ...parameters);
    const markets = await marketsOfSets(rows.map(({ set }) => set));
    return rows.map((row) => trackOf(row, markets(row.set)));
  }

  return {
    async findTracks(ids) {
      const found = await readTracks(
        `SELECT ${trackColumns} FROM ${tracksWithAlbums} WHERE track.track_id = ANY($2::uuid[])`,
        [...new Set(ids)],
      );
      return byId(found);
    },

    async findArtists(ids) {
      const rows = await client.$queryRaw<(Omit<ArtistFacts, 'genreIds'> & { genres: string })[]>`
        SELECT artist_id AS id, name, popularity, array_to_string(genre_ids, ' ') AS genres
        FROM recommendations.catalog_artists WHERE artist_id = ANY(${[...new Set(ids)]}::uuid[])`;
      return byId(rows.map(({ genres, ...artist }) => ({ ...artist, genreIds: split(genres) })));
    },

    async findAlbums(ids) {
      const rows = await client.$queryRaw<(Omit<AlbumFacts, 'artistIds'> & { artists: string })[]>`
        SELECT album_id AS id, title, released_on::text AS "releasedOn", array_to_string(artist_ids, ' ') AS artists
        FROM recommendations.catalog_albums WHERE album_id = ANY(${[...new Set(ids)]}::uuid[])`;
      return byId(rows.map(({ artists, ...album }) => ({ ...album, artistIds: split(artists) })));
    },

    async findGenres(ids) {
      const rows = await client.$queryRaw<GenreFacts[]>`
        SELECT genre_id AS id, slug, name, parent_id AS "parentId"
        FROM recommendations.catalog_genres WHERE genre_id = ANY(${[...new Set(ids)]}::uuid[])`;
      return byId(rows);
    },

    allGenres: () => client.$queryRaw<GenreFacts[]>`
      SELECT genre_id AS id, slug, name, parent_id AS "parentId" FROM recommendations.catalog_genres ORDER BY slug COLLATE "C"`,

    async tracksOfArtists(artistIds, limit) {
      checkLimit(limit, 100);
      const rows = await client.$queryRawUnsafe<(TrackRow & { of: string })[]>(
        `SELECT asked.id AS of, found.* FROM unnest($2::uuid[]) AS asked(id) CROSS JOIN LATERAL (
           SELECT ${trackColumns} FROM ${tracksWithAlbums}
           WHERE track.artist_ids @> ARRAY[asked.id] AND ${notWithdrawn}
           ORDER BY track.popularity DESC, track.track_id LIMIT $3
         ) AS found`,
        today(),
        [...new Set(artistIds)],
        limit,
      );
      const markets = await marketsOfSets(rows.map(({ set }) => set));
      const found = new Map<string, TrackFacts[]>();
      for (const { of, ...row } of rows) {
        const tracks = found.get(of) ?? [];
        if (tracks.length === 0) found.set(of, tracks);
        tracks.push(trackOf(row, markets(row.set)));
      }
      return found;
    },

    async newTracksOfArtists(artistIds, since, limit) {
      checkLimit(limit, 1_000);
      const rows = await client.$queryRawUnsafe<(TrackRow & { releasedOn: string })[]>(
        `SELECT ${trackColumns}, album.released_on::text AS "releasedOn"
         FROM recommendations.catalog_albums AS album JOIN recommendations.catalog_tracks AS track USING (album_id)
         WHERE album.released_on BETWEEN $2::date AND $1::date AND NOT track.withdrawn
           AND track.artist_ids && $3::uuid[]
         ORDER BY album.released_on DESC, track.popularity DESC, track.track_id LIMIT $4`,
        today(),
        since,
        [...new Set(artistIds)],
        limit,
      );
      const markets = await marketsOfSets(rows.map(({ set }) => set));
      return rows.map(({ releasedOn, ...row }) => ({ ...trackOf(row, markets(row.set)), releasedOn }));
    },

    async popular({ audience: { market, explicit }, limit, genreIds }) {
      checkLimit(limit, 1_000);
      if (market === null) return [];
      const playable = `${notWithdrawn} AND ($3 OR NOT track.explicit)`;
      if (!genreIds)
        // Of each set its most popular, a step through the index for each: as quick where little may be played. Twice as many as are
        // asked for, since some may not be out yet.
        return readTracks(
          `SELECT ${trackColumns} FROM (
             SELECT found.* FROM (${setsWithMarket}) AS asked CROSS JOIN LATERAL (
               SELECT track_id, popularity FROM recommendations.catalog_tracks AS track
               WHERE track.market_set = asked.id AND NOT track.withdrawn AND ($3 OR NOT track.explicit)
               ORDER BY track.popularity DESC, track.track_id LIMIT $4
             ) AS found ORDER BY popularity DESC, track_id LIMIT 2 * $4
           ) AS best JOIN ${tracksWithAlbums} ON track.track_id = best.track_id
           WHERE ${notWithdrawn} ORDER BY track.popularity DESC, track.track_id LIMIT $4`,
          market,
          explicit,
          limit,
        );
      return readTracks(
        `SELECT found.* FROM unnest($5::uuid[]) AS asked(id) CROSS JOIN LATERAL (
           SELECT ${trackColumns} FROM (
             SELECT * FROM recommendations.catalog_tracks WHERE main_genre = asked.id
             ORDER BY popularity DESC, track_id LIMIT ${lookedAt}
           ) AS track LEFT JOIN recommendations.catalog_albums AS album USING (album_id)
           WHERE track.market_set IN (${setsWithMarket}) AND ${playable}
           ORDER BY track.popularity DESC, track.track_id LIMIT $4
         ) AS found ORDER BY popularity DESC, id LIMIT $4`,
        market,
        explicit,
        limit,
        [...new Set(genreIds)],
      );
    },

    tracksAfter(after, limit) {
      checkLimit(limit, 10_000);
      return readTracks(
        `SELECT ${trackColumns} FROM (
           SELECT * FROM recommendations.catalog_tracks WHERE track_id > $2::uuid ORDER BY track_id LIMIT $3
         ) AS track LEFT JOIN recommendations.catalog_albums AS album USING (album_id) ORDER BY track_id`,
        after ?? '00000000-0000-0000-0000-000000000000',
        limit,
      );
    },
  };
}

interface TrackRow
  extends Pick<TrackFacts, 'id' | 'title' | 'explicit' | 'withdrawn' | 'popularity' | 'albumId'> {
  artists: string;
  genres: string;
  features: string;
  set: number;
}

// Arrays as texts: the driver takes them apart at many times the price of a split.
const trackColumns = `track.track_id AS id, track.title, track.explicit,
  track.withdrawn OR coalesce(album.released_on > $1::date, false) AS withdrawn, track.popularity, track.album_id AS "albumId",
  array_to_string(track.artist_ids, ' ') AS artists, array_to_string(track.genre_ids, ' ') AS genres,
  array_to_string(track.features, ' ') AS features, track.market_set AS set`;
const tracksWithAlbums = `recommendations.catalog_tracks AS track
  LEFT JOIN recommendations.catalog_albums AS album USING (album_id)`;
const notWithdrawn = `NOT track.withdrawn AND NOT coalesce(album.released_on > $1::date, false)`;

const setsWithMarket = `SELECT id FROM recommendations.market_sets WHERE $2 = ANY(string_to_array(markets, ' '))`;

function trackOf(
  { artists, genres, features, set: _, ...row }: TrackRow,
  markets: ReadonlySet<string>,
): TrackFacts {
  const [tempoBpm, energy, valence, danceability, acousticness, instrumentalness] = features
    .split(' ')
    .map(Number);
  return {
    ...row,
    artistIds: split(artists),
    genreIds: split(genres),
    features:
      tempoBpm === undefined ||
      energy === undefined ||
      valence === undefined ||
      danceability === undefined ||
      acousticness === undefined ||
      instrumentalness === undefined
        ? null
        : { tempoBpm, energy, valence, danceability, acousticness, instrumentalness },
    markets,
  };
}

const split = (ids: string): string[] => (ids === '' ? [] : ids.split(' '));

const byId = <Row extends { readonly id: string }>(rows: readonly Row[]) =>
  new Map(rows.map((row) => [row.id, row]));

function checkLimit(limit: number, most: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > most)
    throw new RangeError(`limit must be 1..${most}, got ${limit}`);
}
