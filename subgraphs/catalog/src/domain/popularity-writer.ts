/** How much a track is listened to, as somebody measured it. */
export interface MeasuredPopularity {
  /** A UUID. */
  readonly trackId: string;
  /** 0 to 100. */
  readonly popularity: number;
  /** Of two measurements of a track the later one holds; no import comes before either. */
  readonly measuredAt: Date;
}

/** Port to the popularity of tracks and artists. */
export interface PopularityWriter {
  /**
   * Writes what was measured, and makes each artist of these tracks as popular as the most popular track that names them. Tracks that
   * are not there are left out. In any order, and any number of times, it comes to the same.
   * @param measured at most `maxMeasured`
   * @returns how many tracks and artists have another popularity now
   * @throws RangeError when there are more
   */
  takeMeasured(
    measured: readonly MeasuredPopularity[],
  ): Promise<{ readonly tracks: number; readonly artists: number }>;
}

/** Transactions stay short: on an embedded database all reads wait for them. */
export const maxMeasured = 250;
