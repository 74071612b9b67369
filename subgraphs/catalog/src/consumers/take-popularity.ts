import type { EventOf, trackPopularityMeasured } from '@medley/events';
import type { MeasuredPopularity, PopularityWriter } from '../domain/popularity-writer.ts';

type Told = { readonly event: EventOf<typeof trackPopularityMeasured> };

export interface TakePopularityOptions {
  readonly popularity: PopularityWriter;
  /** The UUID of `track_…`; null when it is no id of a track. */
  readonly readTrackId: (id: string) => string | null;
  /** Told when tracks or artists have another popularity now, so that caches need not wait for their next look. */
  readonly onWritten: () => void;
}

/** Writes how much tracks are listened to, for a consumer. It may be told of one any number of times, and in any order. */
export function takePopularity({ popularity, readTrackId, onWritten }: TakePopularityOptions) {
  return async <Consumed extends Told>(
    consumed: readonly Consumed[],
    { refuse }: { refuse: (told: Consumed, reason: string) => void },
  ): Promise<void> => {
    const measured = consumed.flatMap((told): MeasuredPopularity[] => {
      const { data } = told.event;
      const trackId = readTrackId(data.id);
      if (trackId !== null)
        return [{ trackId, popularity: data.popularity, measuredAt: new Date(data.measuredAt) }];
      refuse(told, `expected the id of a track, got ${JSON.stringify(data.id.slice(0, 60))}`);
      return [];
    });
    const { tracks, artists } = await popularity.takeMeasured(measured);
    if (tracks + artists > 0) onWritten();
  };
}
