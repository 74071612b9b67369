/** How one start felt: what `playbackQualityReport` takes, see `PlaybackMeasurementInput` in the schema. */
export interface PlaybackMeasurement {
  /** A UUID of its own, whenever and however often it is sent. */
  readonly id: string;
  readonly playbackToken: string;
  /** When it was clicked, by this machine's clock, in ISO 8601. */
  readonly startedAt: string;
  readonly outcome: StartOutcome;
  /** Null unless it `FAILED`. */
  readonly failure: StartFailure | null;
  /** Null unless the edge refused or failed. */
  readonly httpStatus: number | null;
  /** Null unless sound was heard, within ten minutes. */
  readonly clickToSoundMs: number | null;
  readonly msPlayed: number;
  /** In their order; at most 100, the longest where there were more. */
  readonly stalls: readonly Stall[];
  /** That the browser tells of: nothing of a request that was broken off. */
  readonly bytes: number;
  /** Answers of the edge that came from its cache, and those that did not, as far as the browser tells. */
  readonly edgeHits: number;
  readonly edgeMisses: number;
}

export type StartOutcome = 'STARTED' | 'FAILED' | 'ABANDONED';

export type StartFailure = 'NETWORK' | 'HTTP' | 'DECODE' | 'UNSUPPORTED' | 'NOT_ALLOWED' | 'OTHER';

/** A time in which sound stopped for want of data. */
export interface Stall {
  /** Where in the play, in milliseconds of sound heard. */
  readonly atMs: number;
  /** How long it was silent, in milliseconds, up to an hour. */
  readonly lengthMs: number;
}
