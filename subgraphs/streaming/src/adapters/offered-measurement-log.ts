import type { OfferedEvents } from '@medley/event-log';
import { createEvent, type EventOf, playbackMeasured } from '@medley/events';
import { toldEventUuid } from '@medley/ids';
import type { PlaybackMeasurement } from '../domain/playback-measurement.ts';
import type { MeasurementLog } from '../domain/quality-reports.ts';

/** Offers measurements to the event log. */
export const createOfferedMeasurementLog = ({
  events,
}: {
  events: Pick<OfferedEvents<EventOf<typeof playbackMeasured>>, 'offer'>;
}): MeasurementLog => ({
  offer: (measurement, contentHash) => events.offer(toEvent(measurement, contentHash)),
});

const toEvent = (
  { id, grantedAt, startedAt, reportedAt, stalls, ...measured }: PlaybackMeasurement,
  contentHash: string,
) =>
  createEvent(playbackMeasured, {
    source: 'streaming',
    // Two measurements under one id are two events: no client can make dead letters of them.
    id: toldEventUuid(id, contentHash),
    time: startedAt,
    key: measured.userId,
    data: {
      ...measured,
      grantedAt: grantedAt.toISOString(),
      startedAt: startedAt.toISOString(),
      reportedAt: reportedAt.toISOString(),
      contentHash,
      stalls: stalls.map(({ atMs, lengthMs }) => ({ atMs, lengthMs })),
    },
  });
