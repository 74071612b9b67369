/**
 * Tells who watches a key that something of it may have changed. It carries nothing: who is woken looks for himself, so nothing is lost by a ring that is
 * lost, doubled or late.
 */
export interface Doorbell {
  /**
   * Yields at once, then each time that it was rung for the key since it yielded last (many rings are one), and now and then unrung.
   * It returns when the signal is aborted, and throws when the doorbell is stopped: nothing is over then but this process.
   */
  watch(key: string, signal: AbortSignal): AsyncIterable<void>;
  /** Rings for these keys in this process. */
  ring(keys: readonly string[]): void;
  /** Rings for all who watch in this process. */
  ringAll(): void;
  /** Ends all that watch, and the reading of the log. Safe to call twice. */
  stop(): Promise<void>;
}
