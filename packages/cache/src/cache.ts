/**
 * Keeps texts by key for a while. It is there to save work and may forget anything at any time, so nobody depends on
 * it: no operation ever rejects, a failed read finds nothing, a failed write stores nothing; failures are counted
 * (`medley_cache_errors_total`). Operations take effect in the order in which they are called.
 */
export interface Cache {
  /** The values in the order of the keys, null where there is none. */
  getMany(keys: readonly string[]): Promise<readonly (string | null)[]>;
  /** Stores what can be stored. An entry replaces the one before. */
  setMany(entries: readonly CacheEntry[]): Promise<void>;
  /**
   * Forgets the values.
   * @returns whether nobody can read them any more; when it is false, call it again
   */
  deleteMany(keys: readonly string[]): Promise<boolean>;
  /** Lets go of what it holds open. */
  close(): void;
}

export interface CacheEntry {
  readonly key: string;
  readonly value: string;
  /** How long it may be read, in milliseconds, an integer of 1 or more. */
  readonly ttlMs: number;
}
