import type { LicencesKey } from '../domain/catalog-repository.ts';
import type { TrackLicences } from '../domain/model.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { toWindow, type WindowJson, windowsJson } from './licence-rows.ts';

/** What the licences of tracks say of markets, in one statement. */
export async function findLicences(
  prisma: PrismaClient,
  keys: readonly LicencesKey[],
): Promise<TrackLicences[]> {
  const rows = await prisma.$queryRawUnsafe<LicencesRow[]>(
    sql,
    keys.map(({ trackId }) => trackId),
    keys.map(({ market }) => market),
  );
  return rows.map(({ governed, listed, windows, ...row }) => ({
    ...row,
    windows: governed
      ? (windows ?? []).map(toWindow)
      : listed && row.market !== null
        ? [{ market: row.market, from: -Infinity, until: Infinity }]
        : [],
  }));
}

interface LicencesRow extends Omit<TrackLicences, 'windows'> {
  /** Whether the track has windows in any market. */
  governed: boolean;
  /** Whether it is available there. */
  listed: boolean | null;
  windows: WindowJson[] | null;
}

const sql = `
  SELECT track.id AS "trackId", asked.market, track.withdrawn_at AS "withdrawnAt",
    EXISTS (SELECT FROM catalog.licence_windows AS any_window WHERE any_window.track_id = track.id) AS governed,
    asked.market = ANY (track.available_markets) AS listed,
    (SELECT ${windowsJson('w')} FROM catalog.licence_windows AS w
      WHERE w.track_id = track.id AND w.market = asked.market) AS windows
  FROM unnest($1::uuid[], $2::text[]) AS asked(id, market)
  JOIN catalog.tracks AS track ON track.id = asked.id`;
