/** What changed since one position. */
export interface ChangesTold {
  /** To ask from next; opaque. */
  readonly position: string;
  /** Whose facts changed. */
  readonly ids: readonly string[];
  /** Whether there is more already. */
  readonly hasMore: boolean;
  /** True when changes after the asked position are not known: anything may have changed. */
  readonly reset: boolean;
}

/** Port to the changes of somebody else's rows. */
export interface ChangedFacts {
  /**
   * Every change that was committed when it was asked, read where rows are written. It may tell a change more than once.
   * @param position null for where it stands now, with no ids
   */
  since(position: string | null, options: { readonly timeoutMs: number }): Promise<ChangesTold>;
}
