/** Waits for what was told to be in. */
export interface CaughtUp {
  /**
   * Waits until the profile of an account holds the play that a token stands for, within the time that is set for that.
   * @param userId a UUID
   * @param token as `playbackReport` gave it
   * @returns whether it is in
   * @throws InvalidTokenError when it is none
   */
  wait(userId: string, token: string): Promise<boolean>;
}

/** A token that nobody gave. */
export class InvalidTokenError extends Error {
  constructor(token: string) {
    super(`expected a recommendationsToken of a report, got ${JSON.stringify(token.slice(0, 60))}`);
    this.name = 'InvalidTokenError';
  }
}

/** Tells how far what is played has been taken into account. */
export interface PlayLag {
  /** Asks nobody: it is what is known at the moment. */
  lag(): {
    /** Plays that were told before are in. */
    readonly asOf: Date;
    /** How old the oldest play is that is not yet in, in milliseconds; 0 when all are in, null when that is not known. */
    readonly eventLagMs: number | null;
  };
}
