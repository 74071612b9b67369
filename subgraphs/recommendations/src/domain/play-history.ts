/** One play of an account, as its history has it. Ids are UUIDs, in lower case. */
export interface HistoryPlay {
  readonly userId: string;
  /** Of the event that told it: the same however often it was told. Clients make it up: one of an account's own. */
  readonly eventId: string;
  readonly trackId: string;
  /** As the first event told it: a client whose clock changes may tell another time later. */
  readonly playedAt: Date;
  readonly msPlayed: number;
  /** Whether it is a play: 30 s were heard, and a grant vouches for it. */
  readonly counted: boolean;
  readonly skipped: boolean;
  /** What it was played from; null when it stands for itself. */
  readonly context: { readonly kind: string; readonly id: string | null } | null;
}

/** Where a page of a history stands. */
export type HistoryPlace = Pick<HistoryPlay, 'playedAt' | 'eventId'>;

/** How long it is known who was active, in milliseconds: 8 weeks. */
export const activeKnownMs = 56 * 86_400_000;

/**
 * The plays of every account. In Cassandra in tables by user and month, the newest first; in PostgreSQL for one machine.
 * Every method may be called again: what was recorded before is there once.
 * @throws UserDataUnavailableError from each
 */
export interface PlayHistory {
  /**
   * Idempotent by account and event id: what was told first stays. When it fails, some of them may be in. Plays of an account have to come in
   * the order of the log: whoever records the same part of it at the same time does no harm, two tellings of one play at the same time may.
   */
  record(plays: readonly HistoryPlay[]): Promise<void>;
  /** The newest first, of equal times in an order that stays, from the one after `after`. @param limit 1 to 1,000 */
  page(asked: {
    readonly userId: string;
    readonly after: HistoryPlace | null;
    readonly limit: number;
  }): Promise<readonly HistoryPlay[]>;
  /** How often each track was played: counted plays from `from` on, of all time when null. */
  countsByTrack(asked: {
    readonly userId: string;
    readonly from: Date | null;
  }): Promise<ReadonlyMap<string, number>>;
  /** The tracks that the account ever played, counted or not. */
  heardTracks(userId: string): Promise<ReadonlySet<string>>;
  /**
   * Accounts that played something since then, by id, from the one after `after`; for work on a schedule.
   * @param since at most `activeKnownMs` ago
   */
  activeUsers(asked: {
    readonly since: Date;
    readonly after: string | null;
    readonly limit: number;
  }): Promise<readonly string[]>;
}

/** @throws RangeError when nobody knows any more who was active then */
export function requireKnownActivity(since: Date, now: Date): void {
  if (now.getTime() - since.getTime() > activeKnownMs)
    throw new RangeError(`since must be at most 8 weeks ago, got ${since.toISOString()}`);
}
