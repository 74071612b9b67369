import { type EventOf, parseEvent, type playbackDecided, playbackDecisions } from '@medley/events';
import type { DecisionRecord, DecisionStore } from '../domain/decision-record.ts';

type PlaybackDecided = EventOf<typeof playbackDecided>;

/** Keeps decisions where support finds them. It may be told of one any number of times. */
export const keepDecisions =
  (store: Pick<DecisionStore, 'save'>) =>
  (events: readonly PlaybackDecided[]): Promise<void> =>
    store.save(events.map(toRecord));

/** The same for records as the log has them; what is no decision is left out. */
export const keepLoggedDecisions =
  (store: Pick<DecisionStore, 'save'>) =>
  (records: readonly { readonly value: Uint8Array | null }[]): Promise<void> =>
    keepDecisions(store)(
      records.flatMap(({ value }) => {
        const parsed = parseEvent(playbackDecisions, value);
        return parsed.kind === 'event' ? [parsed.event] : [];
      }),
    );

function toRecord({ data }: PlaybackDecided): DecisionRecord {
  const { userId, sampledOutOf: _, decidedAt, outcome, ...told } = data;
  return {
    ...told,
    decidedAt: new Date(decidedAt),
    viewerId: userId,
    outcome: outcome as DecisionRecord['outcome'],
  };
}
