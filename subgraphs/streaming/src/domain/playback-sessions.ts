import type { PlaybackContext } from './playback-context.ts';
import type { PlaybackDevice } from './playback-device.ts';
import type { PlaybackQueue, QueueContent } from './playback-queue.ts';
import type { PlaybackSession, Playing } from './playback-session.ts';

/** A device that wants the stream. */
export interface Claim extends Omit<Playing, 'paused'> {
  /** `session_…`, for the session that begins, if one does. */
  readonly sessionId: string;
  readonly device: PlaybackDevice;
  readonly context: PlaybackContext | null;
}

export type ClaimOutcome =
  /** A session began. `replaced` held the stream until now. */
  | {
      readonly outcome: 'STARTED';
      readonly session: PlaybackSession;
      readonly replaced: PlaybackSession | null;
    }
  /** The device held the stream before, and plays something else now, in the same session. */
  | { readonly outcome: 'CONTINUED'; readonly session: PlaybackSession }
  /** Another device holds the stream. */
  | { readonly outcome: 'REFUSED'; readonly holder: PlaybackSession };

/** A sign of life. */
export interface Heartbeat extends Omit<Playing, 'trackId'> {
  readonly sessionId: string;
  /** Null when it is the same as before. */
  readonly trackId: string | null;
}

export type HeartbeatOutcome =
  /** `changed`: whether it has another revision now. */
  | { readonly outcome: 'ACTIVE'; readonly session: PlaybackSession; readonly changed: boolean }
  /** Another device took its place. `by` plays now; null when nothing does. */
  | { readonly outcome: 'TAKEN_OVER'; readonly by: PlaybackDevice | null }
  /** It was stopped, was silent for too long, or never was one of this account. */
  | { readonly outcome: 'ENDED' };

export interface QueueReplacement {
  readonly content: QueueContent;
  readonly device: PlaybackDevice;
  /** It is only done when the queue has this revision; null: in any case. */
  readonly ifRevision: number | null;
}

export interface QueueReplaced {
  /** False when the queue had another revision. */
  readonly replaced: boolean;
  /** As it is now. */
  readonly queue: PlaybackQueue;
}

/**
 * Port to what accounts play: at most one session each, held by one device, and a queue. Each call is one step that no other
 * comes between. What one account has another cannot see, whatever id it names.
 * @throws SessionsUnavailableError when it cannot be told; what was asked for may have been done all the same
 */
export interface PlaybackSessions {
  /** Gives the stream to a device, unless another one holds it. */
  start(accountId: string, claim: Claim): Promise<ClaimOutcome>;
  /** Gives the stream to a device, whoever holds it. */
  takeOver(accountId: string, claim: Claim): Promise<Exclude<ClaimOutcome, { outcome: 'REFUSED' }>>;
  /** A session whose lease is over cannot be revived. One that gave way to another device is remembered for an hour. */
  heartbeat(accountId: string, heartbeat: Heartbeat): Promise<HeartbeatOutcome>;
  /** Ends a session and tells what it was; null when it does not hold the stream. */
  stop(accountId: string, sessionId: string): Promise<PlaybackSession | null>;
  /** The session that holds the stream. */
  find(accountId: string): Promise<PlaybackSession | null>;
  /** A queue that nobody changes for 30 days is forgotten. */
  replaceQueue(accountId: string, replacement: QueueReplacement): Promise<QueueReplaced>;
  readQueue(accountId: string): Promise<PlaybackQueue>;
}

/** What accounts play cannot be told just now. The message is for logs: it may hold addresses. */
export class SessionsUnavailableError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'SessionsUnavailableError';
  }
}
