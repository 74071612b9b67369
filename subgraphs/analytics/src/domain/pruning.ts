/** What a table forgets, and when. */
export interface Pruned {
  /** `play_series` */
  readonly table: string;
  readonly rows: number;
}

/** Forgets what is older than it is kept. */
export interface Pruning {
  /**
   * A little at a time, so that nobody waits for it. Any number of processes may do it at once.
   * @param signal ends it between two portions
   * @returns of each table and grain that forgot something
   */
  prune(now: Date, signal?: AbortSignal): Promise<readonly Pruned[]>;
}
