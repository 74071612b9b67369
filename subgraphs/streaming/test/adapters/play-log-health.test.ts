import { LogUnavailableError } from '@medley/event-log';
import { describe, expect, it } from 'vitest';
import { createPlayLogHealth } from '../../src/adapters/play-log-health.ts';

describe('the health of the way to the event log', () => {
  it.each([
    [[], { there: true, records: 0, logAway: false }],
    [['12 plays wait on this server for the event log'], { there: true, records: 12, logAway: false }],
    [['the event log does not answer'], { there: true, records: 0, logAway: true }],
    [
      ['the event log does not answer', '3 plays wait on this server for the event log'],
      { there: false, records: 3, logAway: true },
    ],
    [['the event log does not answer'], { there: false, records: 0, logAway: false }],
  ])('is %j', async (expected, { there, records, logAway }) => {
    const find = createPlayLogHealth({
      log: { ping: () => (there ? Promise.resolve() : Promise.reject(new LogUnavailableError('away'))) },
      spool: { look: () => ({ records, bytes: 0, oldestAgeMs: 0, logAway }) },
    });
    expect(await find()).toEqual(expected);
  });
});
