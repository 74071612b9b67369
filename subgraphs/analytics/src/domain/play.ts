/** Why a play does not count, as streaming tells it. */
export type Discount = 'TOO_SHORT' | 'UNVERIFIED' | 'GRANT_EXPIRED';

/** A play as it is counted. Ids are UUIDs. */
export interface Play {
  readonly id: string;
  readonly userId: string;
  readonly trackId: string;
  /** Milliseconds since 1970. */
  readonly playedAt: number;
  /** How long sound was heard: 0 up to a day, in milliseconds. */
  readonly msPlayed: number;
  /** Null when it counts, unless it is doubtful. */
  readonly discount: Discount | null;
  /** The grant that vouches for it; null without one. */
  readonly decisionId: string | null;
  /** ISO 3166-1; `` when it is not known. */
  readonly market: string;
  /** `` when it is not known. */
  readonly tier: string;
  readonly skipped: boolean;
  /** As the device calls itself; null when it is not known. */
  readonly deviceId: string | null;
  /** Of the device, 64 bits of a hash; 0 when it is not known. */
  readonly deviceKey: bigint;
  /** Of the account, for sketches: 8 bytes of a hash. */
  readonly listenerHash: Uint8Array;
}
