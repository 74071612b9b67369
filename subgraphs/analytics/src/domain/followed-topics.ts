/** How far counting is behind what a topic tells. */
export interface TopicLag {
  /** Such as `streaming.play-events.v1`. */
  readonly name: string;
  /** Events that were told and not counted yet; null when that cannot be told. */
  readonly lag: number | null;
}

/** What is counted from. */
export interface FollowedTopics {
  readLag(): Promise<readonly TopicLag[]>;
}
