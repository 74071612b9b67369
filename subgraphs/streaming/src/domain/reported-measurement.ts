import type { Stall, StartFailure, StartOutcome } from './playback-measurement.ts';
import type { PlaybackTokenFacts } from './playback-ports.ts';

/** One measurement as a client tells it: the right types, and nothing else is sure. */
export interface ReportedMeasurement {
  readonly id: string;
  readonly playbackToken: string;
  /** By the client's clock. */
  readonly startedAt: Date;
  readonly outcome: StartOutcome;
  readonly failure: StartFailure | null;
  readonly httpStatus: number | null;
  /** May have a fraction, as may the other durations. */
  readonly clickToSoundMs: number | null;
  readonly msPlayed: number;
  readonly stalls: readonly Stall[];
  readonly bytes: number;
  readonly edgeHits: number;
  readonly edgeMisses: number;
}

/** In which circumstances it is told. */
export interface MeasurementCircumstances {
  /** What the token says; null when it is not one of ours. */
  readonly grant: PlaybackTokenFacts | null;
  /** Who reports, `user_…`. */
  readonly viewerId: string;
  readonly deviceId: string | null;
  readonly player: string | null;
  readonly receivedAt: Date;
  /** What to add to the client's times, in milliseconds. */
  readonly clockOffsetMs: number;
}
