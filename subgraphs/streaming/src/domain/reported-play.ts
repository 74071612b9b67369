import type { PlayEndReason, PlayStartReason } from './play-event.ts';
import type { PlaybackContext } from './playback-context.ts';
import type { PlaybackTokenFacts } from './playback-ports.ts';

/** One play as a client tells it: the right types, and nothing else is sure. */
export interface ReportedPlay {
  readonly id: string;
  readonly playbackToken: string | null;
  readonly trackId: string | null;
  /** By the client's clock. */
  readonly playedAt: Date;
  /** May have a fraction, as may the other durations. */
  readonly msPlayed: number;
  readonly context: PlaybackContext | null;
  readonly startReason: PlayStartReason;
  readonly endReason: PlayEndReason;
  readonly offline: boolean;
  readonly clickToSoundMs: number | null;
  readonly stalls: number;
  readonly stalledMs: number;
}

/** In which circumstances it is told. */
export interface ReportCircumstances {
  /** What the token says; null when there is none, or it is not one of ours. */
  readonly grant: PlaybackTokenFacts | null;
  /** Who reports, `user_…`. */
  readonly viewerId: string;
  readonly deviceId: string | null;
  readonly receivedAt: Date;
  /** What to add to the client's times, in milliseconds. */
  readonly clockOffsetMs: number;
}
