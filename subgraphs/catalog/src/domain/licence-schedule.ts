/**
 * Keeps the markets of tracks true to their windows. It goes by the clock of the database, which is one for all
 * processes.
 */
export interface LicenceSchedule {
  /** How long until the next window begins or ends, in milliseconds; 0 when one has already, null when none is foreseen. */
  findNextInMs(): Promise<number | null>;
  /**
   * Writes the markets of tracks of which a window began or ended since the last time, the earliest first, each with its event, in
   * one transaction.
   * @param limit how many of these moments at most, 1 to 1,000
   */
  applyDue(limit: number): Promise<ScheduleStep>;
  /**
   * Forgets changes of licences that are older.
   * @param limit how many at most
   * @returns how many there were
   */
  pruneChanges(olderThanMs: number, limit: number): Promise<number>;
}

export interface ScheduleStep {
  /** Whose windows began or ended. */
  readonly tracks: number;
  /** Those of them whose markets are others now. */
  readonly changed: number;
  /** How long ago the earliest of them did, in milliseconds; null where there was none. */
  readonly lateMs: number | null;
}
