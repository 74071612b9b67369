import type { PlaybackQueue } from './playback-queue.ts';
import type { PlaybackSession } from './playback-session.ts';

/** What became of a session: it began, has another revision, gave way to another device, was stopped. */
export type SessionState = 'STARTED' | 'CHANGED' | 'TAKEN_OVER' | 'ENDED';

/** Port to whoever wants to know what accounts play. It may lose changes: never waits, never throws. */
export interface PlaybackStateChanges {
  /** A session that ends by silence is told by nobody. */
  sessionChanged(accountId: string, state: SessionState, session: PlaybackSession): void;
  queueChanged(accountId: string, queue: PlaybackQueue): void;
}
