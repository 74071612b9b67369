/** Something that one process at a time does for all that share a database. */
export interface Hold {
  /** Aborted when it is lost, with the connection that it was kept by: somebody else may have it from then on. */
  readonly lost: AbortSignal;
  /** Gives it to whoever asks next. Safe to call twice, and when it is lost. */
  release(): Promise<void>;
}

/**
 * Holds a name if nobody else does.
 * @param name is one in the whole database: `users.outbox`
 * @returns null while somebody else holds it; who must have it asks again
 * @throws when the database does not answer
 */
export type TryHold = (name: string) => Promise<Hold | null>;
