/** How far a topic has been followed. */
export interface FollowedTopic {
  /** Such as `streaming.play-events.v1`. */
  readonly topic: string;
  /** The consumer group. */
  readonly group: string;
  /** Events that are still to come; null when that is not known. */
  readonly behind: number | null;
}

/** What is followed. */
export interface FollowedTopics {
  /** It ends within seconds, whatever the log does. */
  readLag(): Promise<readonly FollowedTopic[]>;
}

/** The archive of plays. */
export interface ArchiveState {
  /** Plays that were told until then are in it; null while none is. */
  archivedUntil(): Promise<Date | null>;
}
