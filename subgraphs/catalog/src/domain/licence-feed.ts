/** Tells those who keep playback facts which of them do not hold any more. */
export interface LicenceFeed {
  /**
   * The tracks whose facts changed after a position, in the order of commits, so that who goes on from `seq` misses
   * nothing.
   * @param after null: only where it stands now
   * @param limit 1 to 1,000 changes
   */
  changesSince(after: bigint | null, limit: number): Promise<LicenceChanges>;
}

export interface LicenceChanges {
  /** Of the last change told, to go on from. */
  readonly seq: bigint;
  /** Each once. */
  readonly trackIds: readonly string[];
  /** Whether there are more already. */
  readonly hasMore: boolean;
  /**
   * Whether what followed the position is not known any more, as it is too old, or from a database that was replaced by a copy
   * of an earlier day: then everything may have changed, and nothing is told.
   */
  readonly reset: boolean;
}
