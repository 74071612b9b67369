import type { AudioQuality } from './audio-quality.ts';
import type { Tier } from './tier.ts';

/** What came of a start; `PlaybackStartOutcome` in the schema says what they mean. */
export const startOutcomes = ['STARTED', 'FAILED', 'ABANDONED'] as const;
export type StartOutcome = (typeof startOutcomes)[number];

/** What went wrong with a start; `PlaybackStartFailure` in the schema says what they mean. */
export const startFailures = ['NETWORK', 'HTTP', 'DECODE', 'UNSUPPORTED', 'NOT_ALLOWED', 'OTHER'] as const;
export type StartFailure = (typeof startFailures)[number];

/** A time in which sound stopped for want of data, in whole milliseconds. */
export interface Stall {
  /** Where in the play: 0 to `msPlayed`. */
  readonly atMs: number;
  /** 0 to an hour. */
  readonly lengthMs: number;
}

/** How one start felt, as a player measured it; durations in whole milliseconds. */
export interface PlaybackMeasurement {
  /** A UUID in lower case, made by the client. */
  readonly id: string;
  /** `user_…` */
  readonly userId: string;
  /** `track_…`, of the grant, as are the next five. */
  readonly trackId: string;
  readonly decisionId: string;
  readonly market: string;
  readonly tier: Tier;
  readonly quality: AudioQuality;
  /** The same each time the measurement is told, whatever clock tells it. */
  readonly grantedAt: Date;
  /** When somebody clicked, by our clock; never after `reportedAt`, at most a day after `grantedAt`. */
  readonly startedAt: Date;
  readonly reportedAt: Date;
  readonly outcome: StartOutcome;
  /** Null unless it failed. */
  readonly failure: StartFailure | null;
  readonly httpStatus: number | null;
  /** 0 to ten minutes; null when it was not measured, or nothing was heard. */
  readonly clickToSoundMs: number | null;
  /** 0 to a day. */
  readonly msPlayed: number;
  /** At most 100. */
  readonly stalls: readonly Stall[];
  readonly bytes: number;
  readonly edgeHits: number;
  readonly edgeMisses: number;
  /** Null when it is not known. */
  readonly deviceId: string | null;
  /** Which player measured: `web/1.4.0`; null when it does not say. */
  readonly player: string | null;
}
