import type { LogRecord } from '@medley/event-log';
import { expect } from 'vitest';
import type { EdgeAccessEvent } from '../../src/traffic/traffic-events.ts';

/** What a sink that claims ids makes of what was told. */
export function createTrafficSink() {
  const claimed = new Map<string, string>();
  return {
    take(records: readonly Pick<LogRecord, 'value'>[]) {
      for (const { value } of records) {
        const text = String(value);
        const { id } = JSON.parse(text) as EdgeAccessEvent;
        // What is told again is told as it was.
        expect(text).toBe(claimed.get(id) ?? text);
        claimed.set(id, text);
      }
    },
    /** Each event, as it was told. */
    texts: () => [...claimed.values()],
    /** Sums of all that was told. */
    totals() {
      const totals = {
        requests: 0,
        bytesSent: 0,
        originFetches: 0,
        originBytes: 0,
        malformed: 0,
        samples: 0,
      };
      for (const text of claimed.values()) {
        const event = JSON.parse(text) as EdgeAccessEvent;
        if (event.type !== 'EdgeTrafficCounted') {
          totals.samples += 1;
          continue;
        }
        for (const { requests, bytesSent } of event.data.answers) {
          totals.requests += requests;
          totals.bytesSent += bytesSent;
        }
        totals.originFetches += event.data.originFetches;
        totals.originBytes += event.data.originBytes;
        totals.malformed += event.data.malformedLines;
      }
      return totals;
    },
  };
}
