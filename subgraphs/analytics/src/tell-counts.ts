import type { EventLog } from '@medley/event-log';
import { analyticsCounts, createEvent, trackPlaysCounted } from '@medley/events';
import { encodeId, toldEventUuid } from '@medley/ids';
import { type DayCountsRepository, finalAfterDays, type TrackDay } from './domain/day-counts.ts';
import { daysBefore } from './domain/time-window.ts';
import { publishPatiently } from './publish-patiently.ts';

export interface TellCountsOptions {
  readonly rows: DayCountsRepository;
  readonly log: Pick<EventLog, 'append'>;
  /** Told how many events the log has. */
  readonly onTold: (events: number) => void;
  /** Stops it between two pages. */
  readonly signal: AbortSignal;
}

/** Tells how often tracks were played on this day, and the final numbers of the day that became final with it. */
export async function tellCounts(day: Date, options: TellCountsOptions): Promise<void> {
  await tellDay(day, false, options);
  await tellDay(daysBefore(day, finalAfterDays), true, options);
}

async function tellDay(day: Date, final: boolean, { rows, log, onTold, signal }: TellCountsOptions) {
  let after: string | null = null;
  do {
    signal.throwIfAborted();
    const tracks = await rows.readDay(day, after, pageSize);
    const events = tracks.items.map((track) => toEvent(track, day, final));
    await publishPatiently(log, analyticsCounts, events, signal);
    onTold(tracks.items.length);
    after = tracks.after;
  } while (after !== null);
}

/** On an embedded database everybody waits for a page. */
const pageSize = 100;

function toEvent({ trackId, plays, listeners, markets }: TrackDay, day: Date, final: boolean) {
  const key = encodeId('track', trackId);
  const counted = { day: day.toISOString().slice(0, 10), plays, listeners, final, markets: [...markets] };
  return createEvent(trackPlaysCounted, {
    source: 'analytics',
    // Cut off and done again, it tells the same events; other numbers are other events.
    id: toldEventUuid(trackId, JSON.stringify(counted)),
    key,
    data: { trackId: key, ...counted },
  });
}
