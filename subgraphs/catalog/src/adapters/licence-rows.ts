import type { LicenceWindow } from '../domain/licence-windows.ts';
import type { Prisma } from '../generated/prisma/client.ts';

/** A window as `windowsJson` reads it; null is without limit. */
export interface WindowJson {
  readonly market: string;
  readonly from: number | null;
  readonly until: number | null;
}

const milliseconds = (moment: string) =>
  `CASE WHEN isfinite(${moment}) THEN (extract(epoch FROM ${moment}) * 1000)::float8 END`;

/** The windows of a group as JSON, `WindowJson[]`, by market and time; null where there is none. */
export const windowsJson = (alias: string) => `json_agg(
  json_build_object('market', ${alias}.market, 'from', ${milliseconds(`${alias}.valid_from`)},
    'until', ${milliseconds(`${alias}.valid_until`)})
  ORDER BY ${alias}.market, ${alias}.valid_from)`;

export const toWindow = ({ market, from, until }: WindowJson): LicenceWindow => ({
  market,
  from: from ?? -Infinity,
  until: until ?? Infinity,
});

/** The windows of a track by market and time. */
export async function readWindows(
  transaction: Prisma.TransactionClient,
  trackId: string,
): Promise<LicenceWindow[]> {
  const [found] = await transaction.$queryRawUnsafe<{ windows: WindowJson[] | null }[]>(
    `SELECT ${windowsJson('w')} AS windows FROM catalog.licence_windows AS w WHERE track_id = $1::uuid`,
    trackId,
  );
  return (found?.windows ?? []).map(toWindow);
}

/** Puts these in the place of what there is. */
export async function replaceWindows(
  transaction: Prisma.TransactionClient,
  trackId: string,
  windows: readonly LicenceWindow[],
): Promise<void> {
  await transaction.$executeRaw`DELETE FROM catalog.licence_windows WHERE track_id = ${trackId}::uuid`;
  if (windows.length === 0) return;
  const rows = windows.map(({ market, from, until }) => ({
    market,
    from: Number.isFinite(from) ? new Date(from).toISOString() : '-infinity',
    until: Number.isFinite(until) ? new Date(until).toISOString() : 'infinity',
  }));
  await transaction.$executeRaw`
    INSERT INTO catalog.licence_windows (track_id, market, valid_from, valid_until)
    SELECT ${trackId}::uuid, w.market, w."from"::timestamptz, w.until::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS w(market text, "from" text, until text)`;
}
