import type { PlaybackFacts } from '../domain/model.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';

/** Facts and alternatives in one statement. */
export async function findPlaybackFacts(
  prisma: PrismaClient,
  trackIds: readonly string[],
): Promise<PlaybackFacts[]> {
  const rows = await prisma.$queryRawUnsafe<{ facts: FactsJson; alternatives: FactsJson[] | null }[]>(
    sql,
    trackIds,
  );
  return rows.map(({ facts, alternatives }) =>
    toFacts(
      facts,
      (alternatives ?? []).map((alternative) => toFacts(alternative, [])),
    ),
  );
}

interface FactsJson extends Omit<PlaybackFacts, 'releasedAt' | 'availableMarketsUntil' | 'alternatives'> {
  releaseDate: string | null;
  marketsUntil: string | null;
}

function toFacts(
  { releaseDate, marketsUntil, ...facts }: FactsJson,
  alternatives: readonly PlaybackFacts[],
): PlaybackFacts {
  // The first day of a year or a month stands for it, so its first instant is that of the period.
  const releasedAt = releaseDate === null ? null : new Date(`${releaseDate}T00:00:00.000Z`);
  const availableMarketsUntil = marketsUntil === null ? null : new Date(marketsUntil);
  return { ...facts, releasedAt, availableMarketsUntil, alternatives };
}

const factsOf = (track: string, album: string, licence: string) => `json_build_object(
  'id', ${track}.id, 'withdrawn', ${track}.withdrawn_at IS NOT NULL, 'releaseDate', ${album}.release_date,
  'availableMarkets', coalesce(${licence}.markets, ${track}.available_markets), 'marketsUntil', ${licence}.until,
  'explicit', ${track}.explicit, 'durationMs', ${track}.duration_ms, 'encodings', ${track}.encodings,
  'version', ${track}.version)`;

// By the windows themselves where there are any: the column follows them a moment later. Without windows both are null.
const licenceOf = (track: string) => `(
  SELECT CASE WHEN count(*) > 0 THEN
      coalesce(array_agg(market::text ORDER BY market) FILTER (WHERE valid_from <= now() AND now() < valid_until), '{}')
    END AS markets,
    least(
      min(valid_from) FILTER (WHERE valid_from > now()),
      min(valid_until) FILTER (WHERE valid_until > now() AND isfinite(valid_until))
    ) AS until
  FROM catalog.licence_windows WHERE track_id = ${track}.id)`;

// Popular first and at most ten: a recording that a source used as "no ISRC" may stand on a million tracks.
const sql = `
  SELECT ${factsOf('track', 'album', 'licence')} AS facts, others.facts AS alternatives
  FROM catalog.tracks AS track
  LEFT JOIN catalog.albums AS album ON album.id = track.album_id
  CROSS JOIN LATERAL ${licenceOf('track')} AS licence
  LEFT JOIN LATERAL (
    SELECT json_agg(${factsOf('other', 'other_album', 'other_licence')}
      ORDER BY other.popularity DESC, other.id DESC) AS facts
    FROM (
      SELECT * FROM catalog.tracks AS same
      WHERE same.isrc = track.isrc AND same.id <> track.id AND same.withdrawn_at IS NULL
      ORDER BY same.popularity DESC, same.id DESC LIMIT 10
    ) AS other
    LEFT JOIN catalog.albums AS other_album ON other_album.id = other.album_id
    CROSS JOIN LATERAL ${licenceOf('other')} AS other_licence
  ) AS others ON true
  WHERE track.id = ANY ($1::uuid[])`;
