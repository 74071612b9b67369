import type { LicenceSchedule } from '../domain/licence-schedule.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { type ClockRow, type FakeClock, fakeNow, readClock } from './licence-clock.ts';
import { writeDecisions } from './writer-decisions.ts';
import { readRows } from './writer-io.ts';
import { trackTable } from './writer-rows.ts';
import { createWriteAlone } from './writer-transaction.ts';

export function createPrismaLicenceSchedule(prisma: PrismaClient, clock?: FakeClock): LicenceSchedule {
  const writeAlone = createWriteAlone(prisma);
  return {
    async findNextInMs() {
      const [{ nextInMs }] = await prisma.$queryRaw<[{ nextInMs: number | null }]>`
        SELECT (extract(epoch FROM least(
          (SELECT valid_from FROM catalog.licence_windows
            WHERE (valid_from, track_id) > (clock.applied_until, clock.applied_track) AND valid_from < 'infinity'
            ORDER BY valid_from, track_id LIMIT 1),
          (SELECT valid_until FROM catalog.licence_windows
            WHERE (valid_until, track_id) > (clock.applied_until, clock.applied_track) AND valid_until < 'infinity'
            ORDER BY valid_until, track_id LIMIT 1)
        ) - coalesce(${fakeNow(clock)}::timestamptz, clock_timestamp())) * 1000)::float8 AS "nextInMs"
        FROM catalog.licence_clock AS clock`;
      return nextInMs === null ? null : Math.max(0, Math.ceil(nextInMs));
    },

    applyDue: (limit) =>
      writeAlone(async (transaction) => {
        if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
          throw new RangeError(`limit must be 1..1000, got ${limit}`);
        const position = await readClock(transaction, clock);
        const { now } = position;
        const due = await findDue(transaction, position, limit);
        const [first] = due;
        if (!first) return { tracks: 0, changed: 0, lateMs: null };
        const ids = [...new Set(due.map(({ trackId }) => trackId))];
        const rows = [...(await readRows(transaction, trackTable, ids)).values()];
        const markets = await readLicensedMarkets(transaction, ids, now);
        const after = await writeDecisions(transaction, rows, ({ id }) => ({
          availableMarkets: markets.get(id) ?? [],
        }));
        const last = due.length < limit ? { at: now, trackId: lastTrack } : (due.at(-1) as Due);
        await transaction.$executeRaw`
          UPDATE catalog.licence_clock SET applied_until = ${last.at}, applied_track = ${last.trackId}::uuid`;
        return {
          tracks: ids.length,
          changed: after.filter(({ version }, index) => version !== rows[index]?.version).length,
          lateMs: now.getTime() - first.at.getTime(),
        };
      }),

    async pruneChanges(olderThanMs, limit) {
      // The last one stays, so that what is ahead of all can be told from what is up to date.
      const [{ count }] = await prisma.$queryRaw<[{ count: number }]>`
        WITH oldest AS (
          SELECT seq, changed_at FROM catalog.licence_changes ORDER BY seq LIMIT ${limit}
        ), forgotten AS (
          DELETE FROM catalog.licence_changes WHERE seq IN (
            SELECT seq FROM oldest
            WHERE changed_at < coalesce(${fakeNow(clock)}::timestamptz, now()) - ${olderThanMs} * interval '1 ms'
              AND seq < (SELECT max(seq) FROM catalog.licence_changes))
          RETURNING seq
        ), noted AS (
          UPDATE catalog.licence_clock SET pruned_until = greatest(pruned_until, (SELECT max(seq) FROM forgotten))
          WHERE EXISTS (SELECT FROM forgotten)
        )
        SELECT count(*)::int AS count FROM forgotten`;
      return count;
    },
  };
}

/** A moment at which a window of a track begins or ends. */
interface Due {
  readonly at: Date;
  readonly trackId: string;
}

/** Behind every track. */
const lastTrack = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** What has begun or ended since the position, the earliest first. */
function findDue(
  transaction: Prisma.TransactionClient,
  { appliedUntil, appliedTrack, now }: ClockRow,
  limit: number,
): Promise<Due[]> {
  // A worldwide licence ends in 250 windows at once: DISTINCT skips them along the index, before the limit.
  return transaction.$queryRaw<Due[]>`
    SELECT at, track_id::text AS "trackId" FROM (
      (SELECT DISTINCT valid_from AS at, track_id FROM catalog.licence_windows
        WHERE (valid_from, track_id) > (${appliedUntil}::timestamptz, ${appliedTrack}::uuid) AND valid_from <= ${now}
        ORDER BY at, track_id LIMIT ${limit})
      UNION
      (SELECT DISTINCT valid_until AS at, track_id FROM catalog.licence_windows
        WHERE (valid_until, track_id) > (${appliedUntil}::timestamptz, ${appliedTrack}::uuid) AND valid_until <= ${now}
        ORDER BY at, track_id LIMIT ${limit})
    ) AS due
    ORDER BY at, track_id LIMIT ${limit}`;
}

/** Where these tracks are licensed, sorted; absent where nowhere. */
async function readLicensedMarkets(
  transaction: Prisma.TransactionClient,
  trackIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = await transaction.$queryRaw<{ id: string; markets: string }[]>`
    SELECT track_id::text AS id,
      string_agg(DISTINCT market::text COLLATE "C", ' ' ORDER BY market::text COLLATE "C") AS markets
    FROM catalog.licence_windows
    WHERE track_id = ANY (${trackIds}::uuid[]) AND valid_from <= ${now} AND ${now} < valid_until
    GROUP BY track_id`;
  return new Map(found.map(({ id, markets }) => [id, markets.split(' ')]));
}
