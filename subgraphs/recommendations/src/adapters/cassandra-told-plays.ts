import type { Cassandra } from '@medley/cassandra';
import type { HistoryPlay } from '../domain/play-history.ts';
import { atOnce } from './at-once.ts';

/** A play with the time under which it is kept. */
export interface PlacedPlay extends HistoryPlay {
  /** Whether it is told for the first time, as far as was noted. */
  readonly isNew: boolean;
}

/** Under which time a play is kept: the one that was told first, whatever the clock of the client says later. */
export function createCassandraToldPlays(cassandra: Cassandra) {
  return {
    /** @returns each play once, with the time that was told first */
    async place(plays: readonly HistoryPlay[]): Promise<readonly PlacedPlay[]> {
      const distinct = new Map<string, HistoryPlay>();
      for (const play of plays) {
        const key = `${play.userId} ${play.eventId}`;
        if (!distinct.has(key)) distinct.set(key, play);
      }
      return atOnce([...distinct.values()], async (play) => {
        const [told] = await cassandra.select<{ played_at: Date }>(
          'SELECT played_at FROM told_plays WHERE user_id = ? AND event_id = ?',
          [play.userId, play.eventId],
        );
        return { ...play, playedAt: told?.played_at ?? play.playedAt, isNew: !told };
      });
    },

    /** From now on these times hold; to be called before the plays are in. */
    note: (placed: readonly PlacedPlay[]): Promise<void> =>
      cassandra.writeAll(
        placed
          .filter(({ isNew }) => isNew)
          .map(({ userId, eventId, playedAt }) => ({
            cql: 'INSERT INTO told_plays (user_id, event_id, played_at) VALUES (?, ?, ?)',
            parameters: [userId, eventId, playedAt],
          })),
      ),
  };
}
