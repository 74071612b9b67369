import type { Consumed } from '@medley/event-log';
import { type EventOf, playEvents, type trackPlayed } from '@medley/events';
import { decodeId } from '@medley/ids';
import type { ToldPlay } from '../domain/fold-plays.ts';
import type { HistoryPlay } from '../domain/play-history.ts';
import { signalOf } from '../domain/play-signal.ts';

export type TrackPlayed = EventOf<typeof trackPlayed>;

/** A play as its history has it, and as a profile takes it. */
export interface ReadPlay {
  readonly history: HistoryPlay;
  readonly told: ToldPlay;
}

/** @throws InvalidIdError for ids that are none: nobody knows whose play it is, or of what */
export function readPlay({ event, topic, partition, offset, time }: Consumed<TrackPlayed>): ReadPlay {
  const { data } = event;
  const { counted, skipped, msPlayed, context } = data;
  const [eventId, trackId] = [event.id.toLowerCase(), decodeId(data.trackId, 'track')];
  const playedFrom = context && { kind: context.kind, id: context.id };
  const playedAt = new Date(data.playedAt);
  const finished = data.endReason === 'TRACK_DONE';
  return {
    history: {
      userId: decodeId(data.userId, 'user'),
      eventId,
      trackId,
      playedAt,
      msPlayed,
      counted,
      skipped,
      context: playedFrom,
    },
    told: {
      eventId,
      trackId,
      playedAt: playedAt.getTime(),
      signal: signalOf({ msPlayed, skipped, finished, counted }),
      context: playedFrom,
      // What is sent again from the dead letters has its place in another topic.
      place: topic === playEvents.name ? { partition, offset } : null,
      toldAt: time.getTime(),
    },
  };
}
