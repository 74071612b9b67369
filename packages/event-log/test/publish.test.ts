import { catalogChanged, createEvent, InvalidEventError, parseEvent, trackDeleted } from '@medley/events';
import { beforeEach, describe, expect, it } from 'vitest';
import { type LogRecord, publishEvents } from '../src/index.ts';

const deleted = (id: string) =>
  createEvent(trackDeleted, { source: 'catalog', key: id, data: { id, stateVersion: 1 } });

let appended: [string, readonly LogRecord[]][];
beforeEach(() => {
  appended = [];
});
const log = {
  async append(topic: string, records: readonly LogRecord[]) {
    appended.push([topic, records]);
    return records.map((_, index) => ({ topic, partition: 0, offset: BigInt(index) }));
  },
};

describe('publishing events', () => {
  it('appends them in their order, each under its key, by one call', async () => {
    const events = [deleted('track_1'), deleted('track_2')];
    const places = await publishEvents(log, catalogChanged, events);
    expect(places.map(({ offset }) => offset)).toEqual([0n, 1n]);
    expect(appended.map(([topic]) => topic)).toEqual(['catalog.changed.v1']);
    const records = appended[0]?.[1] ?? [];
    expect(records.map(({ key }) => key)).toEqual(['track_1', 'track_2']);
    expect(records.map(({ value }) => parseEvent(catalogChanged, value))).toEqual(
      events.map((event) => ({ kind: 'event', event })),
    );
  });

  it('appends nothing when one of them breaks the contract', async () => {
    const wrong = { ...deleted('track_2'), data: { id: 'track_2', stateVersion: -1 } };
    await expect(publishEvents(log, catalogChanged, [deleted('track_1'), wrong])).rejects.toThrow(
      InvalidEventError,
    );
    expect(appended).toEqual([]);
  });

  it('asks nothing of the log when there are none', async () => {
    expect(await publishEvents(log, catalogChanged, [])).toEqual([]);
    expect(appended).toEqual([]);
  });
});
