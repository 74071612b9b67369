import type { PlaybackContext } from './playback-context.ts';
import type { PlaybackDevice } from './playback-device.ts';

/** How long a session holds the stream after the last sign of life, in milliseconds. */
export const leaseMs = 45_000;
/** How often a device gives a sign of life, in milliseconds: two may be lost. */
export const heartbeatEveryMs = 15_000;

/** From here on a position that is another than it should be by now was chosen by somebody, in milliseconds. */
export const jumpMs = 3_000;

/** What a device plays, as it told last. */
export interface Playing {
  readonly trackId: string;
  /** In milliseconds. */
  readonly positionMs: number;
  readonly paused: boolean;
}

/** A device that holds the one active stream of its account. */
export interface PlaybackSession extends Playing {
  /** `session_…` */
  readonly id: string;
  /** Greater than that of any session of the account before it. */
  readonly epoch: number;
  /** From 1, raised when it plays another track, pauses or goes on, or jumps; not while it plays on. */
  readonly revision: number;
  readonly device: PlaybackDevice;
  readonly context: PlaybackContext | null;
  readonly startedAt: Date;
  /** When it ends, unless there is a sign of life before. */
  readonly expiresAt: Date;
}
