/** Why a play is not believed. */
export type PlayDoubt = 'OVERLAPPING' | 'TOKEN_REUSED' | 'TWO_DEVICES';

/** A play that is not believed. Ids are UUIDs. */
export interface DoubtfulPlay {
  readonly playId: string;
  readonly doubt: PlayDoubt;
  readonly playedAt: Date;
  readonly msPlayed: number;
  readonly userId: string;
  readonly trackId: string;
  /** '' where it was unknown. */
  readonly market: string;
  readonly deviceId: string | null;
  /** The play that counts. */
  readonly otherPlayId: string;
}

/** The newest first. */
export interface DoubtfulPlaysQuery {
  readonly from: Date;
  readonly until: Date;
  readonly doubt: PlayDoubt | null;
  /** Only what stands after it. */
  readonly after: { readonly playedAt: Date; readonly playId: string } | null;
  readonly limit: number;
}
