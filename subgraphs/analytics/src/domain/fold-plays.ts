import type { AccountDay } from './account-day.ts';
import { addCountedPlays, type CountedPlays } from './counted-plays.ts';
import { dayMs, dayOf } from './days.ts';
import { type DoubtAgainst, findDoubt } from './find-doubt.ts';
import type { Discount, Play } from './play.ts';
import { bucketOf, rowGrains } from './row-grain.ts';
import { everywhere } from './scopes.ts';
import { createTally } from './tally.ts';

export const playSeriesKeys = ['grain', 'bucket', 'market', 'tier'] as const;
export const playSeriesCounters = [
  'plays',
  'too_short',
  'unverified',
  'grant_expired',
  'doubtful',
  'skipped',
  'ms_played',
] as const;
export const trackPlaysKeys = ['market', 'day', 'track_id'] as const;
export const trackTotalsKeys = ['track_id'] as const;
export const trackCounters = ['plays'] as const;

/** Who listened to something on a day. */
export interface ListenersOfDay {
  /** A market, `*`, or the UUID of a track. */
  readonly scope: string;
  /** `2026-05-01` */
  readonly day: string;
  readonly hashes: Uint8Array[];
}

/** A play that is not believed, and why. */
export interface JudgedPlay extends Play, DoubtAgainst {}

/**
 * What plays add to the numbers.
 * @param plays in the order in which they were told: of two that cannot both be true, the first counts
 * @param dayOfAccount the plays of an account that count, by day; those of `plays` that do are appended
 */
export function foldPlays(plays: readonly Play[], dayOfAccount: (userId: string, day: string) => AccountDay) {
  const series = createTally(playSeriesCounters);
  const trackPlays = createTally(trackCounters);
  const trackTotals = createTally(trackCounters);
  const doubtful: JudgedPlay[] = [];
  const listeners = new Map<string, ListenersOfDay>();
  const added: CountedPlays[] = [];

  for (const play of plays) {
    const { userId, playedAt, discount, market, tier, trackId: track_id } = play;
    const doubt = discount
      ? null
      : findDoubt(
          play,
          daysAround(playedAt).map((day) => dayOfAccount(userId, day)),
        );
    const counts = countsOf(play, doubt);
    for (const grain of rowGrains)
      series.add({ grain, bucket: bucketOf(grain, playedAt), market, tier }, counts);
    if (doubt) doubtful.push({ ...play, ...doubt });
    const isCounted = !discount && !doubt;
    added.push({
      markets: [{ market, plays: isCounted ? 1 : 0, notCounted: isCounted ? 0 : 1 }],
      tracks: isCounted ? [{ id: track_id, plays: 1 }] : [],
    });
    if (!isCounted) continue;

    const day = dayOf(playedAt);
    dayOfAccount(userId, day).append(play);
    trackPlays.add({ market, day, track_id }, { plays: 1 });
    trackPlays.add({ market: everywhere, day, track_id }, { plays: 1 });
    trackTotals.add({ track_id }, { plays: 1 });
    for (const scope of [market, everywhere, track_id]) {
      const key = `${scope} ${day}`;
      const known = listeners.get(key);
      if (known) known.hashes.push(play.listenerHash);
      else listeners.set(key, { scope, day, hashes: [play.listenerHash] });
    }
  }
  return {
    series: series.rows(),
    trackPlays: trackPlays.rows(),
    trackTotals: trackTotals.rows(),
    doubtful,
    listeners: [...listeners.values()],
    /** What is told of it. */
    added: addCountedPlays(added),
  };
}

/** The days on which a play can have begun that speaks against one of this time. @returns as `2026-05-01` */
export const daysAround = (playedAt: number): readonly string[] =>
  [-1, 0, 1].map((days) => dayOf(playedAt + days * dayMs));

function countsOf({ discount, skipped, msPlayed }: Play, doubt: DoubtAgainst | null) {
  if (discount) return { [counterOf[discount]]: 1 };
  if (doubt) return { doubtful: 1 };
  return { plays: 1, skipped: skipped ? 1 : 0, ms_played: msPlayed };
}

const counterOf = {
  TOO_SHORT: 'too_short',
  UNVERIFIED: 'unverified',
  GRANT_EXPIRED: 'grant_expired',
} as const satisfies Record<Discount, string>;
