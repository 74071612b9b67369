import type { EventLog } from '@medley/event-log';
import { analyticsPopularity, createEvent, trackPopularityMeasured } from '@medley/events';
import { encodeId, stateEventUuid } from '@medley/ids';
import { type PopularityRepository, popularityOf, type ToldPopularity } from './domain/popularity.ts';
import { daysBefore } from './domain/time-window.ts';
import { publishPatiently } from './publish-patiently.ts';

export interface MeasurePopularityOptions {
  readonly rows: PopularityRepository;
  readonly log: Pick<EventLog, 'append'>;
  /** Tracks that are played less in 28 days are not told, unless they were before. 1 or more. */
  readonly minPlays: number;
  /** Told how many events the log has. */
  readonly onTold: (events: number) => void;
  /** Stops it between two pages; what is done by then stays. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/**
 * Measures the popularity of all tracks by the 28 days that end with this one, and tells those that changed. What is told is written
 * before, and noted after: cut off anywhere, a version of a track never says two things, and none is left out.
 */
export async function measurePopularity(day: Date, options: MeasurePopularityOptions): Promise<void> {
  const { rows, log, minPlays, onTold, signal, clock } = options;

  async function tell(popularities: readonly ToldPopularity[]): Promise<void> {
    await publishPatiently(log, analyticsPopularity, popularities.map(toEvent), signal);
    await rows.noteTold(popularities);
    onTold(popularities.length);
  }

  for (let untold = await rows.readUntold(pageSize); untold.length > 0; ) {
    signal.throwIfAborted();
    await tell(untold);
    untold = await rows.readUntold(pageSize);
  }
  const days = { first: daysBefore(day, 27), last: day };
  const mostPlays = await rows.findMostPlays(days);
  let after: string | null = null;
  do {
    signal.throwIfAborted();
    const tracks = await rows.readTracks(days, minPlays, after, pageSize);
    const measuredAt = new Date(clock());
    const changes = tracks.items.flatMap(({ trackId, plays, told }) => {
      const popularity = popularityOf(plays, mostPlays);
      return popularity === told ? [] : [{ trackId, popularity, plays, measuredAt }];
    });
    if (changes.length > 0) await tell(await rows.write(changes));
    after = tracks.after;
  } while (after !== null);
}

/** On an embedded database everybody waits for a page. */
const pageSize = 100;

function toEvent({ trackId, version, popularity, plays, measuredAt }: ToldPopularity) {
  const id = encodeId('track', trackId);
  return createEvent(trackPopularityMeasured, {
    source: 'analytics',
    id: stateEventUuid(analyticsPopularity.name, id, version),
    key: id,
    time: measuredAt,
    data: { id, stateVersion: version, popularity, plays, measuredAt: measuredAt.toISOString() },
  });
}
