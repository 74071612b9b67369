import type { Cassandra, Statement } from '@medley/cassandra';
import { monthOf } from '../domain/calendar-month.ts';
import type { HistoryPlace, HistoryPlay, PlayHistory } from '../domain/play-history.ts';
import { atOnce } from './at-once.ts';
import { byPartition } from './by-partition.ts';
import { createCassandraActiveUsers } from './cassandra-active-users.ts';
import { createCassandraMonthTotals } from './cassandra-month-totals.ts';
import { createCassandraToldPlays, type PlacedPlay } from './cassandra-told-plays.ts';
import type { Now } from './user-data-clock.ts';

export function createCassandraPlayHistory(cassandra: Cassandra, now: Now): PlayHistory {
  const toldPlays = createCassandraToldPlays(cassandra);
  const totals = createCassandraMonthTotals(cassandra, now);
  const activeUsers = createCassandraActiveUsers(cassandra, now);

  return {
    // In this order: a play that is in has all that leads to it, and whoever was stopped on the way does the rest when he begins again.
    async record(told) {
      const plays = await toldPlays.place(told);
      const missing = await withoutRows(plays);
      await Promise.all([
        toldPlays.note(plays),
        cassandra.writeAll(monthsOf(missing)),
        activeUsers.note(missing),
      ]);
      await atOnce(byPartition(missing, partitionOf), (some) => cassandra.writeTogether(some.map(rowOf)));
      // Also of those that were in: perhaps nobody came to it the last time.
      await totals.drop(plays);
    },

    async page({ userId, after, limit }) {
      const guess = monthOf(after?.playedAt ?? now());
      const [months, guessed] = await Promise.all([
        playedMonths(userId, after),
        readMonth(userId, guess, after, limit),
      ]);
      const plays: HistoryPlay[] = [];
      // Wider and wider: who plays little has few plays in many months.
      for (let at = 0, width = 1; at < months.length && plays.length < limit; at += width, width *= 2) {
        const read = await atOnce(months.slice(at, at + width), (month) =>
          month === guess ? Promise.resolve(guessed) : readMonth(userId, month, after, limit - plays.length),
        );
        plays.push(...read.flat());
      }
      return plays.slice(0, limit);
    },

    countsByTrack: ({ userId, from }) => totals.count(userId, from),
    heardTracks: (userId) => totals.heard(userId),
    activeUsers: activeUsers.list,
  };

  async function withoutRows(plays: readonly PlacedPlay[]): Promise<readonly HistoryPlay[]> {
    const isMissing = await atOnce(plays, async ({ userId, eventId, playedAt, isNew }) => {
      if (isNew) return true;
      const rows = await cassandra.select(
        'SELECT event_id FROM play_history WHERE user_id = ? AND month = ? AND played_at = ? AND event_id = ?',
        [userId, monthOf(playedAt), playedAt, eventId],
      );
      return rows.length === 0;
    });
    return plays.filter((_, index) => isMissing[index]);
  }

  async function playedMonths(userId: string, until: HistoryPlace | null): Promise<readonly number[]> {
    const rows = await cassandra.select<{ month: number }>(
      'SELECT month FROM played_months WHERE user_id = ? AND month <= ?',
      [userId, monthOf((until ?? end).playedAt)],
    );
    return rows.map(({ month }) => month);
  }

  async function readMonth(userId: string, month: number, after: HistoryPlace | null, limit: number) {
    const { playedAt, eventId } = after ?? end;
    const rows = await cassandra.select<HistoryRow>(
      `SELECT event_id, played_at, track_id, ms_played, counted, skipped, context_kind, context_id FROM play_history
      WHERE user_id = ? AND month = ? AND (played_at, event_id) < (?, ?) LIMIT ?`,
      [userId, month, playedAt, eventId, limit],
    );
    return rows.map((row) => toPlay(userId, row));
  }
}

interface HistoryRow {
  readonly event_id: string;
  readonly played_at: Date;
  readonly track_id: string;
  readonly ms_played: number;
  readonly counted: boolean;
  readonly skipped: boolean;
  readonly context_kind: string | null;
  readonly context_id: string | null;
}

const toPlay = (userId: string, row: HistoryRow): HistoryPlay => ({
  userId,
  eventId: row.event_id,
  trackId: row.track_id,
  playedAt: row.played_at,
  msPlayed: row.ms_played,
  counted: row.counted,
  skipped: row.skipped,
  context: row.context_kind === null ? null : { kind: row.context_kind, id: row.context_id },
});

/** After all plays. */
const end: HistoryPlace = { playedAt: new Date(8.64e15), eventId: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

const partitionOf = ({ userId, playedAt }: HistoryPlay) => `${userId} ${monthOf(playedAt)}`;

function monthsOf(plays: readonly HistoryPlay[]): readonly Statement[] {
  const months = new Map(plays.map((play) => [partitionOf(play), play]));
  return [...months.values()].map(({ userId, playedAt }) => ({
    cql: 'INSERT INTO played_months (user_id, month) VALUES (?, ?)',
    parameters: [userId, monthOf(playedAt)],
  }));
}

const rowOf = (play: HistoryPlay): Statement => ({
  cql: `INSERT INTO play_history (user_id, month, played_at, event_id, track_id, ms_played, counted, skipped, context_kind, context_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  parameters: [
    play.userId,
    monthOf(play.playedAt),
    play.playedAt,
    play.eventId,
    play.trackId,
    play.msPlayed,
    play.counted,
    play.skipped,
    // Left out rather than null, which would be written down as deleted.
    play.context?.kind,
    play.context?.id ?? undefined,
  ],
});
