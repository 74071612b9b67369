import { type Event, parseEvent, type TopicContract } from '@medley/events';
import type { StoredRecord } from '../event-log.ts';
import type { Consumed } from './consumed.ts';

/** Names the only group that a record is for: it was sent again for a group that had failed on it. */
export const onlyGroupHeader = 'medley-only-group';

/** Records that are handled by one call. */
export type Run<Told extends Event> =
  | {
      readonly kind: 'events';
      readonly records: readonly StoredRecord[];
      readonly events: readonly Consumed<Told>[];
    }
  | { readonly kind: 'tombstones'; readonly records: readonly StoredRecord[] };

export interface Sifted<Told extends Event> {
  /** In their order; events and tombstones in turn. */
  readonly runs: readonly Run<Told>[];
  readonly poison: readonly { readonly record: StoredRecord; readonly reason: string }[];
  /** How many were for other groups only. */
  readonly skipped: number;
}

/** Tells records apart by their contract. */
export function sift<Told extends Event>(
  contract: TopicContract<Told>,
  group: string,
  records: readonly StoredRecord[],
): Sifted<Told> {
  type Growing = { kind: Run<Told>['kind']; records: StoredRecord[]; events: Consumed<Told>[] };
  const runs: Growing[] = [];
  const poison: { record: StoredRecord; reason: string }[] = [];
  let skipped = 0;
  const runOf = (kind: Growing['kind']): Growing => {
    const last = runs.at(-1);
    if (last?.kind === kind) return last;
    const next: Growing = { kind, records: [], events: [] };
    runs.push(next);
    return next;
  };
  for (const record of records) {
    const only = record.headers[onlyGroupHeader];
    if (only !== undefined && only !== group) {
      skipped += 1;
      continue;
    }
    const parsed = parseEvent(contract, record.value);
    if (parsed.kind === 'poison') {
      poison.push({ record, reason: parsed.reason });
    } else if (parsed.kind === 'tombstone') {
      runOf('tombstones').records.push(record);
    } else {
      const { topic, partition, offset, time } = record;
      const run = runOf('events');
      run.records.push(record);
      run.events.push({ event: parsed.event, topic, partition, offset, time });
    }
  }
  return { runs, poison, skipped };
}
