import { describe, expect, it } from 'vitest';
import {
  catalogChanged,
  createEvent,
  encodeEvent,
  InvalidEventError,
  parseEvent,
  playbackState,
  trackDeleted,
} from '../src/index.ts';

const deleted = createEvent(trackDeleted, {
  source: 'catalog',
  key: 'track_1',
  data: { id: 'track_1', stateVersion: 3 },
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
});
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('an event', () => {
  it('comes back from its bytes as it was, trace included', () => {
    expect(parseEvent(catalogChanged, encodeEvent(catalogChanged, deleted))).toEqual({
      kind: 'event',
      event: deleted,
    });
  });

  it('has an id of its own and the time of now unless told otherwise', () => {
    const before = Date.now();
    const [one, other] = [0, 1].map(() =>
      createEvent(trackDeleted, { source: 'catalog', key: 'k', data: deleted.data }),
    );
    expect(one?.id).not.toBe(other?.id);
    expect(Date.parse(one?.time ?? '')).toBeGreaterThanOrEqual(before);
    const id = '0199f4a2-0000-7000-8000-000000000001';
    const time = new Date('2026-01-02T03:04:05.678Z');
    const told = createEvent(trackDeleted, { source: 'catalog', key: 'k', data: deleted.data, id, time });
    expect(told).toMatchObject({ id, time: '2026-01-02T03:04:05.678Z' });
    expect(told).not.toHaveProperty('traceparent');
  });

  it('keeps fields that this version does not know', () => {
    const newer = { ...deleted, tenant: 'eu', data: { ...deleted.data, reason: 'TAKEDOWN' } };
    expect(parseEvent(catalogChanged, bytes(newer))).toEqual({ kind: 'event', event: newer });
  });

  it('is not encoded when its contract does not allow it: that is a bug of who tells it', () => {
    const wrong = { ...deleted, data: { id: 'track_1', stateVersion: 0 } };
    expect(() => encodeEvent(catalogChanged, wrong)).toThrow(InvalidEventError);
    expect(() => encodeEvent(catalogChanged, wrong)).toThrow(/TrackDeleted: data\.stateVersion/);
    expect(() => encodeEvent(catalogChanged, { ...deleted, id: 'not-a-uuid' })).toThrow(/id/);
    expect(() => encodeEvent(playbackState, deleted as never)).toThrow(/got "TrackDeleted" version 1/);
  });
});

describe('a record that is no event of its topic', () => {
  it.each([
    ['bytes that are no JSON', Buffer.from([0xff, 0x00, 0x7b]), 'expected JSON, got 3 bytes that are none'],
    ['JSON that is no event', bytes(['TrackDeleted']), 'not an event: '],
    ['an event without its key', bytes({ ...deleted, key: undefined }), 'not an event: key: '],
    [
      'a type that the topic does not know',
      bytes({ ...deleted, type: 'TrackSold' }),
      'got "TrackSold" version 1',
    ],
    ['a version that nobody knows yet', bytes({ ...deleted, version: 2 }), 'got "TrackDeleted" version 2'],
    ['data of another shape', bytes({ ...deleted, data: { id: 7 } }), 'TrackDeleted: data.id: '],
  ])('is poison, with the reason: %s', (_, value, reason) => {
    const parsed = parseEvent(catalogChanged, value);
    expect(parsed).toMatchObject({ kind: 'poison', reason: expect.stringContaining(reason) });
  });

  it('has a short reason, whatever came', () => {
    const parsed = parseEvent(catalogChanged, bytes({ ...deleted, type: 'x'.repeat(100_000) }));
    expect(parsed.kind === 'poison' && parsed.reason.length).toBeLessThan(500);
  });
});

describe('a tombstone', () => {
  it('is one in a compacted topic', () => {
    expect(parseEvent(catalogChanged, null)).toEqual({ kind: 'tombstone' });
  });

  it('is poison in a topic that forgets by time', () => {
    expect(parseEvent(playbackState, null)).toMatchObject({ kind: 'poison' });
  });
});
