import type { OfferedEvents } from '@medley/event-log';
import { createEvent, type EventOf, playbackDecided } from '@medley/events';
import { decodeId } from '@medley/ids';
import type { Metrics } from '@medley/service';
import { type DecisionLog, type DecisionRecord, sampleDecision } from '../domain/decision-record.ts';

export interface OfferedDecisionLogOptions {
  readonly events: Pick<OfferedEvents<EventOf<typeof playbackDecided>>, 'offer'>;
  /** One grant in so many is kept, 1 or more; every denial is. */
  readonly grantsPerSample: number;
  readonly metrics: Metrics;
  /** Told of each decision that is kept, at once. */
  readonly onKept?: (record: DecisionRecord) => void;
}

/** Counts all decisions, and offers to the event log those that are kept. */
export function createOfferedDecisionLog(options: OfferedDecisionLogOptions): DecisionLog {
  const { events, grantsPerSample, metrics, onKept } = options;
  const decisions = metrics.counter(
    'medley_playback_decisions_total',
    'Playback decisions, by outcome and requested quality.',
    ['outcome', 'quality'],
  );
  return {
    offer(record) {
      decisions.inc({ outcome: record.outcome, quality: record.requestedQuality });
      const sampledOutOf = sampleDecision(record, grantsPerSample);
      if (sampledOutOf === null) return;
      events.offer(toEvent(record, sampledOutOf));
      onKept?.(record);
    },
  };
}

const toEvent = ({ viewerId, ...record }: DecisionRecord, sampledOutOf: number) =>
  createEvent(playbackDecided, {
    source: 'streaming',
    // An event that is sent again after a decision was kept keeps its id.
    id: decodeId(record.decisionId, 'decision'),
    time: record.decidedAt,
    key: record.trackId,
    data: { ...record, decidedAt: record.decidedAt.toISOString(), userId: viewerId, sampledOutOf },
  });
