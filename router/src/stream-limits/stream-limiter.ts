/** Counts the streams that are open at the same time, by who holds them. */
export interface StreamLimiter {
  /**
   * Takes one of the holder's places. It never rejects: where places cannot be counted together, they are counted here.
   * @param limit how many places the holder has
   * @returns gives the place back, safe to call twice; undefined when none is free
   */
  take(holder: string, limit: number): Promise<(() => void) | undefined>;
  /** Gives all places of this process back. */
  stop(): Promise<void>;
}
