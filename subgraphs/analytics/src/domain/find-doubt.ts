import type { AccountDay, KeptPlay } from './account-day.ts';
import type { PlayDoubt } from './doubtful-plays.ts';

/** What speaks against a play. */
export interface DoubtAgainst {
  readonly doubt: PlayDoubt;
  /** The play that counts instead: a UUID. */
  readonly otherPlayId: string;
}

/** How long two tracks may be heard at once, in milliseconds: as long as players let one fade into the next. */
const crossfadeMs = 12_000;

/**
 * What speaks against a play of an account: that its grant vouches for another one, or else that another one was heard at the same time.
 * @param days with the account's plays that count, of this day, the one before and the one after: a play is a day long at most, and
 *   begins within a day of its grant
 */
export function findDoubt(play: KeptPlay, days: readonly AccountDay[]): DoubtAgainst | null {
  if (play.decisionId !== null) {
    for (const day of days) {
      const otherPlayId = day.findByGrant(play.decisionId);
      if (otherPlayId) return { doubt: 'TOKEN_REUSED', otherPlayId };
    }
  }
  for (const day of days) {
    const other = day.findAtOnce(play, crossfadeMs);
    if (other) {
      const areKnown = other.deviceKey !== 0n && play.deviceKey !== 0n;
      const doubt = areKnown && other.deviceKey !== play.deviceKey ? 'TWO_DEVICES' : 'OVERLAPPING';
      return { doubt, otherPlayId: other.id };
    }
  }
  return null;
}
