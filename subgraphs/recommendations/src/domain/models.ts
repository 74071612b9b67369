/** What has neighbours. */
export type NeighbourKind = 'TRACK' | 'ARTIST';

/** One thing that goes with another. */
export interface Neighbour {
  /** A UUID. */
  readonly id: string;
  /** 0 to 1, where 1 is the most that was found for the same thing. */
  readonly score: number;
  /** Whether people listen to both, or both sound alike. */
  readonly reason: 'LISTENED_TOGETHER' | 'SOUNDS_ALIKE';
}

/** A model that serves. */
export interface ServingModel {
  readonly id: number;
  readonly version: string;
  readonly method: string;
  readonly trainedAt: Date;
}

/** How good a model is, and what it was made from. */
export interface ModelFigures {
  readonly plays: number;
  readonly users: number;
  readonly tracks: number;
  /** When the last of these plays was; null when there were none. */
  readonly playsUntil: Date | null;
  /** Share of the playable tracks that have neighbours, 0 to 1; null until it was checked. */
  readonly coverage: number | null;
  /** Recall at 10 on plays that were held out; null until it was checked, or where there was too little to hold out. */
  readonly recall: number | null;
}

/** A training, and how it ended. */
export interface TrainingRecord {
  readonly id: number;
  readonly version: string;
  readonly method: string;
  readonly engine: string;
  readonly state: 'TRAINING' | 'SERVING' | 'RETIRED' | 'REFUSED';
  readonly refusal: string | null;
  readonly startedAt: Date;
  readonly trainedAt: Date | null;
  /** Null while the plays are being read. */
  readonly figures: ModelFigures | null;
}

/** Asks the model that serves. A swap is one transaction: all answers of one call are of one model. */
export interface ModelReader {
  /** Null while there is none. At most a few seconds old. */
  serving(): Promise<ServingModel | null>;
  /** The most alike first, at most 100 each; what has none is left out. */
  neighbours(
    model: ServingModel,
    kind: NeighbourKind,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Neighbour[]>>;
  /** The factors of tracks, all of one length; what has none is left out. */
  factors(model: ServingModel, trackIds: readonly string[]): Promise<ReadonlyMap<string, Float32Array>>;
  /** What is played most in a market, the most first; of all markets where nothing is known of this one. @param limit at most 1,000 */
  popular(model: ServingModel, market: string | null, limit: number): Promise<readonly string[]>;
  /** The last trainings, the last first. */
  trainings(limit: number): Promise<readonly TrainingRecord[]>;
}

/** One that may be told of a swap. */
export interface ToldModelReader extends ModelReader {
  /** Another model serves now: `serving` asked from now on is no older than this. */
  noteSwap(): void;
}

/** How many rows of a model there are. */
export interface ModelRows {
  readonly tracks: number;
  readonly artists: number;
  readonly factors: number;
  readonly popular: number;
}

/** Writes a model beside the one that serves. One training at a time: who calls it holds a name for that. */
export interface ModelWriter {
  begin(training: { readonly method: string; readonly engine: string }): Promise<TrainingRecord>;
  /** The last training that was interrupted; null when there is none. */
  findUnfinished(): Promise<TrainingRecord | null>;
  /** Null while none serves. */
  findServing(): Promise<TrainingRecord | null>;
  /**
   * This and the next two may be called again with the same things: they are there once. At most 1,000 at a time.
   * @throws when the model is not being trained
   */
  writeNeighbours(
    id: number,
    kind: NeighbourKind,
    rows: readonly { readonly itemId: string; readonly neighbours: readonly Neighbour[] }[],
  ): Promise<void>;
  writeFactors(
    id: number,
    rows: readonly { readonly trackId: string; readonly factors: Float32Array }[],
  ): Promise<void>;
  /** @param market or `*`: all of them @param trackIds the most played first, at most 1,000 */
  writePopular(id: number, market: string, trackIds: readonly string[]): Promise<void>;
  countRows(id: number): Promise<ModelRows>;
  noteFigures(id: number, figures: ModelFigures): Promise<void>;
  /**
   * It serves from now on, and the one before it is kept for one more training. In one moment, and nobody who reads waits for it.
   * @throws when the model is not being trained
   */
  swapIn(id: number, trainedAt: Date): Promise<void>;
  /** It never serves. Does nothing when it was not being trained. @param why for people, in English */
  refuse(id: number, why: string): Promise<void>;
  /**
   * Drops what is no longer needed: refused models, and those older than the one before the one that serves. Who reads goes on meanwhile.
   * @throws when somebody reads for long; the next call goes on
   */
  dropOld(): Promise<void>;
}
