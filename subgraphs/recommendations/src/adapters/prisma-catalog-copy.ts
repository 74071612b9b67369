import { decodeId, type IdKind } from '@medley/ids';
import type { CatalogCopy, ToldTrack } from '../domain/catalog-copy.ts';
import type { PrismaClient } from './prisma-client.ts';

/** The copy of the catalog as rows, a kind of them by one statement, at most 1,000 in a transaction. */
export function createPrismaCatalogCopy(client: PrismaClient): CatalogCopy {
  return {
    async save({ genres, artists, albums, tracks }) {
      for (const rows of inBatches(genres, ({ id, version, slug, name, parentId }) => ({
        ...{ id: decodeId(id, 'genre'), version, slug, name },
        parent: parentId === null ? null : decodeId(parentId, 'genre'),
      })))
        await client.$executeRaw`
          INSERT INTO recommendations.catalog_genres AS known (genre_id, version, slug, name, parent_id)
          SELECT id, version, slug, name, parent
          FROM jsonb_to_recordset(${rows}::jsonb) AS told(id uuid, version int, slug text, name text, parent uuid)
          ORDER BY id
          ON CONFLICT (genre_id) DO UPDATE SET version = excluded.version, slug = excluded.slug, name = excluded.name,
            parent_id = excluded.parent_id
          WHERE known.version <= excluded.version AND (known.*) IS DISTINCT FROM (excluded.*)`;

      for (const rows of inBatches(artists, ({ id, version, name, popularity, genreIds }) => ({
        ...{ id: decodeId(id, 'artist'), version, name, popularity, genres: decodeAll(genreIds, 'genre') },
      })))
        await client.$executeRaw`
          INSERT INTO recommendations.catalog_artists AS known (artist_id, version, name, popularity, genre_ids)
          SELECT id, version, name, popularity, genres
          FROM jsonb_to_recordset(${rows}::jsonb)
            AS told(id uuid, version int, name text, popularity smallint, genres uuid[])
          ORDER BY id
          ON CONFLICT (artist_id) DO UPDATE SET version = excluded.version, name = excluded.name,
            popularity = excluded.popularity, genre_ids = excluded.genre_ids
          WHERE known.version <= excluded.version AND (known.*) IS DISTINCT FROM (excluded.*)`;

      for (const rows of inBatches(albums, ({ id, version, title, artistIds, releasedOn }) => ({
        ...{ id: decodeId(id, 'album'), version, title, artists: decodeAll(artistIds, 'artist') },
        released: releasedOn,
      })))
        await client.$executeRaw`
          INSERT INTO recommendations.catalog_albums AS known (album_id, version, title, artist_ids, released_on)
          SELECT id, version, title, artists, released
          FROM jsonb_to_recordset(${rows}::jsonb)
            AS told(id uuid, version int, title text, artists uuid[], released date)
          ORDER BY id
          ON CONFLICT (album_id) DO UPDATE SET version = excluded.version, title = excluded.title,
            artist_ids = excluded.artist_ids, released_on = excluded.released_on
          WHERE known.version <= excluded.version AND (known.*) IS DISTINCT FROM (excluded.*)`;

      for (let from = 0; from < tracks.length; from += batchRows)
        await saveTracks(client, tracks.slice(from, from + batchRows));
    },

    async withdraw(trackIds) {
      const ids = trackIds.map((id) => decodeId(id, 'track')).toSorted();
      await client.$executeRaw`
        UPDATE recommendations.catalog_tracks SET withdrawn = true
        WHERE track_id = ANY(${ids}::uuid[]) AND NOT withdrawn`;
    },
  };
}

async function saveTracks(client: PrismaClient, tracks: readonly ToldTrack[]): Promise<void> {
  const told = tracks.map((track) => ({ track, markets: marketsOf(track) }));
  const sets = [...new Set(told.map(({ markets }) => markets))];
  // Sets stay for good, so they need not be of one transaction with the tracks. Looked for first: `ON CONFLICT` alone would use up a
  // number of their sequence for each that is known.
  await client.$executeRaw`
    INSERT INTO recommendations.market_sets (markets)
    SELECT markets FROM unnest(${sets}::text[]) AS told(markets)
    WHERE NOT EXISTS (SELECT FROM recommendations.market_sets AS known WHERE known.markets = told.markets)
    ORDER BY markets
    ON CONFLICT DO NOTHING`;
  // PostgreSQL counts from 1.
  const rows = told.map(({ track, markets }) => ({ ...rowOf(track), set: sets.indexOf(markets) + 1 }));
  await client.$executeRaw`
    INSERT INTO recommendations.catalog_tracks AS known (track_id, version, title, explicit, withdrawn, popularity, album_id,
      artist_ids, genre_ids, main_genre, features, market_set)
    SELECT track.id, version, title, explicit, withdrawn, popularity, album, artists, genres, genres[1], features, market_sets.id
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS track(id uuid, version int, title text, explicit boolean, withdrawn boolean, popularity smallint, album uuid,
        artists uuid[], genres uuid[], features real[], set int)
    JOIN unnest(${sets}::text[]) WITH ORDINALITY AS told(markets, position) ON position = set
    LEFT JOIN recommendations.market_sets USING (markets)
    ORDER BY track.id
    ON CONFLICT (track_id) DO UPDATE SET version = excluded.version, title = excluded.title, explicit = excluded.explicit,
      withdrawn = excluded.withdrawn, popularity = excluded.popularity, album_id = excluded.album_id,
      artist_ids = excluded.artist_ids, genre_ids = excluded.genre_ids, main_genre = excluded.main_genre,
      features = excluded.features, market_set = excluded.market_set
    WHERE known.version <= excluded.version AND (known.*) IS DISTINCT FROM (excluded.*)`;
}

const batchRows = 1_000;

/** Rows as JSON, at most `batchRows` of them in each. */
function* inBatches<Told>(told: readonly Told[], rowOf: (told: Told) => object): Generator<string> {
  for (let from = 0; from < told.length; from += batchRows)
    yield JSON.stringify(told.slice(from, from + batchRows).map(rowOf));
}

/** By code, so that the same markets are one set. */
const marketsOf = ({ markets }: ToldTrack): string => [...new Set(markets)].toSorted().join(' ');

const decodeAll = (ids: readonly string[], kind: IdKind) => [...new Set(ids.map((id) => decodeId(id, kind)))];

const rowOf = ({
  id,
  version,
  title,
  explicit,
  withdrawn,
  popularity,
  albumId,
  artistIds,
  genreIds,
  features,
}: ToldTrack) => ({
  id: decodeId(id, 'track'),
  version,
  title,
  explicit,
  withdrawn,
  popularity,
  album: albumId === null ? null : decodeId(albumId, 'album'),
  artists: decodeAll(artistIds, 'artist'),
  genres: decodeAll(genreIds, 'genre'),
  features: features
    ? [
        features.tempoBpm,
        features.energy,
        features.valence,
        features.danceability,
        features.acousticness,
        features.instrumentalness,
      ]
    : [],
});
