import { type EventOf, parseEvent, type playbackDecided, playbackDecisions } from '@medley/events';
import type { DecisionRecord, DecisionStore } from '../domain/decision-record.ts';

type PlaybackDecided = EventOf<typeof playbackDecided>;

/** Keeps decisions where support finds them, for a consumer. It may be told of one any number of times. */
export const keepDecisions =
  (store: Pick<DecisionStore, 'save'>) =>
  (consumed: readonly { readonly event: PlaybackDecided }[]): Promise<void> =>
    store.save(consumed.map(({ event }) => toRecord(event)));

/** The same for records as a tail has them; what is no decision is left out. */
export const keepTailedDecisions =
  (store: Pick<DecisionStore, 'save'>) =>
  (records: readonly { readonly value: Uint8Array | null }[]): Promise<void> =>
    keepDecisions(store)(
      records.flatMap(({ value }) => {
        const parsed = parseEvent(playbackDecisions, value);
        return parsed.kind === 'event' ? [parsed] : [];
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
