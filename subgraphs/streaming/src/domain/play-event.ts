import type { AudioQuality } from './audio-quality.ts';
import type { PlaybackContext } from './playback-context.ts';
import type { Tier } from './tier.ts';

/** Why a play began; `PlaybackStartReason` in the schema says what they mean. */
export const playStartReasons = [
  'CLICK',
  'TRACK_DONE',
  'FORWARD',
  'BACK',
  'TAKE_OVER',
  'RESUME',
  'OTHER',
] as const;
export type PlayStartReason = (typeof playStartReasons)[number];

/** Why a play ended; `PlaybackEndReason` in the schema says what they mean. */
export const playEndReasons = [
  'TRACK_DONE',
  'FORWARD',
  'BACK',
  'STOPPED',
  'TAKEN_OVER',
  'ERROR',
  'CLOSED',
  'OTHER',
] as const;
export type PlayEndReason = (typeof playEndReasons)[number];

/** Why a play does not count. */
export type NotCountedReason = 'TOO_SHORT' | 'UNVERIFIED' | 'GRANT_EXPIRED';

/** A track was heard, wholly or in part. */
export interface PlayEvent {
  /** A UUID in lower case, made by the client. */
  readonly id: string;
  /** `user_…` */
  readonly userId: string;
  /** `track_…` */
  readonly trackId: string;
  /** When it began, by our clock; never after `reportedAt`. */
  readonly playedAt: Date;
  /** When the report arrived. */
  readonly reportedAt: Date;
  /** How long sound was heard: 0 to a day. */
  readonly msPlayed: number;
  readonly counted: boolean;
  /** Null when it counts. */
  readonly notCountedReason: NotCountedReason | null;
  /** What it was played from; null when it stood for itself. */
  readonly context: PlaybackContext | null;
  /** What the signed token tells; null without a valid one. */
  readonly grant: {
    readonly decisionId: string;
    readonly market: string;
    readonly tier: Tier;
    readonly quality: AudioQuality;
    /** The same each time the play is told, whatever clock tells it. */
    readonly grantedAt: Date;
  } | null;
  readonly startReason: PlayStartReason;
  readonly endReason: PlayEndReason;
  /** Somebody went on to something else before the end. */
  readonly skipped: boolean;
  readonly offline: boolean;
  /** Null when it is not known. */
  readonly deviceId: string | null;
  /** Null when it was not measured. */
  readonly clickToSoundMs: number | null;
  readonly stalls: number;
  readonly stalledMs: number;
}
