import { decodeId } from '@medley/ids';
import type { CatalogTrack, CatalogTracks } from '../domain/catalog-tracks.ts';
import type { PrismaClient } from './prisma-client.ts';

/** The tracks of the catalog as rows. */
export function createPrismaCatalogTracks(client: PrismaClient): CatalogTracks {
  return {
    async save(tracks) {
      const told = tracks.map((track) => ({ track, markets: marketsOf(track) }));
      const sets = [...new Set(told.map(({ markets }) => markets))];
      // Sets stay for good, so they need not be of one transaction with the tracks. Looked for first: `ON CONFLICT` alone would use up
      // a number of their sequence for each that is known.
      await client.$executeRaw`
        INSERT INTO analytics.market_sets (markets)
        SELECT markets FROM unnest(${sets}::text[]) AS told(markets)
        WHERE NOT EXISTS (SELECT FROM analytics.market_sets AS known WHERE known.markets = told.markets)
        ORDER BY markets
        ON CONFLICT DO NOTHING`;
      // PostgreSQL counts from 1.
      const rows = told.map(({ track, markets }) => ({ ...rowOf(track), set: sets.indexOf(markets) + 1 }));
      await client.$executeRaw`
        INSERT INTO analytics.catalog_tracks AS known (track_id, version, artist_ids, explicit, withdrawn, market_set)
        SELECT track.id, version, artists, explicit, withdrawn, market_sets.id
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          AS track(id uuid, version int, artists uuid[], explicit boolean, withdrawn boolean, set int)
        JOIN unnest(${sets}::text[]) WITH ORDINALITY AS told(markets, position) ON position = set
        LEFT JOIN analytics.market_sets USING (markets)
        ORDER BY track.id
        ON CONFLICT (track_id) DO UPDATE SET version = excluded.version, artist_ids = excluded.artist_ids,
          explicit = excluded.explicit, withdrawn = excluded.withdrawn, market_set = excluded.market_set
        WHERE known.version <= excluded.version
          AND (known.version, known.artist_ids, known.explicit, known.withdrawn, known.market_set) IS DISTINCT FROM
            (excluded.version, excluded.artist_ids, excluded.explicit, excluded.withdrawn, excluded.market_set)`;
    },

    async withdraw(ids) {
      const uuids = ids.map((id) => decodeId(id, 'track')).toSorted();
      await client.$executeRaw`
        UPDATE analytics.catalog_tracks SET withdrawn = true
        WHERE track_id = ANY(${uuids}::uuid[]) AND NOT withdrawn`;
    },
  };
}

/** By code, so that the same markets are one set. */
const marketsOf = ({ markets }: CatalogTrack): string => [...new Set(markets)].toSorted().join(' ');

const rowOf = ({ id, version, artistIds, explicit, withdrawn }: CatalogTrack) => ({
  id: decodeId(id, 'track'),
  version,
  artists: [...new Set(artistIds.map((artistId) => decodeId(artistId, 'artist')))],
  explicit,
  withdrawn,
});
