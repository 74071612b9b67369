/** Counts the streams that are open at the same time, by who holds them. */
export interface StreamLimiter {
  /**
   * Takes one of the holder's slots. It never rejects: where slots cannot be counted together, they are counted here.
   * @param limit how many slots the holder has
   * @returns gives the slot back, safe to call twice; undefined when none is free
   */
  take(holder: string, limit: number): Promise<(() => void) | undefined>;
  /** Gives all slots of this process back. */
  stop(): Promise<void>;
}
