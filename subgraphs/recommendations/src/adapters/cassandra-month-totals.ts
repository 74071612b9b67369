import { type Cassandra, CassandraUnavailableError } from '@medley/cassandra';
import { monthOf, startOfMonth } from '../domain/calendar-month.ts';
import type { HistoryPlay } from '../domain/play-history.ts';
import { atOnce } from './at-once.ts';
import { decodeMonthTotals, encodeMonthTotals, type MonthTotals } from './month-totals.ts';
import type { Now } from './user-data-clock.ts';

/** How long after its end a month counts as over. More than clocks differ: a process for which it is not over drops no totals. */
const settledMs = 86_400_000;

/**
 * How much older than its counting the totals of a month are said to be, and so more than clocks may differ: a play that comes while they are
 * counted drops them, whichever of both is written first.
 */
const backdatedMs = 10 * 60_000;

/** Counts plays by track: months that are over are counted once, and again when a play came late. */
export function createCassandraMonthTotals(cassandra: Cassandra, now: Now) {
  return {
    /** To be called when the plays are in. */
    async drop(plays: readonly HistoryPlay[]): Promise<void> {
      const time = now();
      const current = monthOf(time);
      const past = new Map<string, readonly [time: bigint, userId: string, month: number]>();
      for (const { userId, playedAt } of plays) {
        const month = monthOf(playedAt);
        if (month < current) past.set(`${userId} ${month}`, [toMicroseconds(time), userId, month]);
      }
      await cassandra.writeAll(
        [...past.values()].map((parameters) => ({
          cql: 'DELETE FROM month_totals USING TIMESTAMP ? WHERE user_id = ? AND month = ?',
          parameters,
        })),
      );
    },

    async count(userId: string, from: Date | null): Promise<ReadonlyMap<string, number>> {
      const counts = new Map<string, number>();
      await eachMonth(userId, from, (totals) => {
        for (const [trackId, plays] of totals)
          if (plays > 0) counts.set(trackId, (counts.get(trackId) ?? 0) + plays);
      });
      return counts;
    },

    async heard(userId: string): Promise<ReadonlySet<string>> {
      const heard = new Set<string>();
      await eachMonth(userId, null, (totals) => {
        for (const trackId of totals.keys()) heard.add(trackId);
      });
      return heard;
    },
  };

  async function eachMonth(userId: string, from: Date | null, take: (totals: MonthTotals) => void) {
    const first = from ? monthOf(from) : 0;
    const [months, kept] = await Promise.all([
      cassandra.select<{ month: number }>(
        'SELECT month FROM played_months WHERE user_id = ? AND month >= ?',
        [userId, first],
      ),
      keptTotals(userId, first),
    ]);
    await atOnce(months, async ({ month }) => {
      if (from && from > startOfMonth(month)) return take(await readMonth(userId, month, from));
      take(kept.get(month) ?? (await countMonth(userId, month)));
    });
  }

  async function keptTotals(userId: string, first: number): Promise<ReadonlyMap<number, MonthTotals>> {
    const kept = new Map<number, MonthTotals>();
    const rows = cassandra.pages<{ month: number; totals: string }>(
      'SELECT month, totals FROM month_totals WHERE user_id = ? AND month >= ?',
      [userId, first],
      // Of a kilobyte to a megabyte.
      20,
    );
    for await (const page of rows)
      for (const { month, totals } of page) {
        const decoded = decodeMonthTotals(totals);
        if (decoded) kept.set(month, decoded);
      }
    return kept;
  }

  async function countMonth(userId: string, month: number): Promise<MonthTotals> {
    const startedAt = now();
    const totals = await readMonth(userId, month, startOfMonth(month));
    const isOver = startedAt.getTime() - startOfMonth(month + 1).getTime() > settledMs;
    if (isOver) await keep(userId, month, totals, startedAt);
    return totals;
  }

  async function keep(userId: string, month: number, totals: MonthTotals, startedAt: Date) {
    try {
      await cassandra.write(
        'INSERT INTO month_totals (user_id, month, totals) VALUES (?, ?, ?) USING TIMESTAMP ?',
        [
          userId,
          month,
          encodeMonthTotals(totals),
          toMicroseconds(new Date(startedAt.getTime() - backdatedMs)),
        ],
      );
    } catch (error) {
      // They are counted again the next time.
      if (!(error instanceof CassandraUnavailableError)) throw error;
    }
  }

  async function readMonth(userId: string, month: number, from: Date): Promise<MonthTotals> {
    const totals = new Map<string, number>();
    const pages = cassandra.pages<{ track_id: string; counted: boolean }>(
      'SELECT track_id, counted FROM play_history WHERE user_id = ? AND month = ? AND played_at >= ?',
      [userId, month, from],
      5_000,
    );
    for await (const page of pages)
      for (const { track_id: trackId, counted } of page)
        totals.set(trackId, (totals.get(trackId) ?? 0) + (counted ? 1 : 0));
    return totals;
  }
}

const toMicroseconds = (time: Date) => BigInt(time.getTime()) * 1_000n;
