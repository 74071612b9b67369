import { randomUUID } from 'node:crypto';
import type { StoredRecord, TailOptions } from '@medley/event-log';
import { analyticsLive, encodeEvent } from '@medley/events';
import { silentLogger } from '@medley/testing';
import { expect, it } from 'vitest';
import { followCounted, type Heard } from '../../src/live/follow-counted.ts';
import { toEvent } from '../../src/live/tell-plays.ts';
import { uuid } from '../asking.ts';

const now = Date.parse('2026-11-23T12:00:00.000Z');

function open() {
  const tails: TailOptions[] = [];
  const heard: Heard[] = [];
  const followed = followCounted({
    log: {
      async tail(options) {
        tails.push(options);
        return { stop: async () => {} };
      },
    },
    onHeard: (each) => heard.push(each),
    logger: silentLogger,
    clock: () => now,
    retryMs: 1,
  });
  return { followed, heard, tails, tail: (index: number) => tails[index] as TailOptions };
}

const recordAt = (offset: number, second: number, plays: number, value?: string): StoredRecord => ({
  topic: analyticsLive.name,
  partition: 0,
  offset: BigInt(offset),
  key: 'plays',
  headers: {},
  time: new Date(now + second * 1_000),
  value: value
    ? Buffer.from(value)
    : encodeEvent(
        analyticsLive,
        toEvent({
          batches: [{ id: randomUUID(), markets: [{ market: 'DE', plays, notCounted: 0 }] }],
          tracks: [{ id: uuid('track', `${offset}`), plays }],
        }),
      ),
});

it('reads twenty minutes back, and knows nothing before it has read them', async () => {
  const { followed, heard, tail } = open();
  expect(tail(0).from).toEqual(new Date(now - 1_200_000));
  await tail(0).handle([recordAt(0, 0, 2), recordAt(1, 1, 1)]);
  expect(followed.seconds()).toBeNull();
  tail(0).onCaughtUp?.();
  expect(followed.seconds()?.countsOf(now / 1_000, null).plays).toBe(2);
  expect(heard).toEqual([
    { trackIds: [uuid('track', '0'), uuid('track', '1')], isOver: true },
    { trackIds: null, isOver: true },
  ]);
  await followed.stop();
});

it('takes records that come again once, and leaves out what is none', async () => {
  const { followed, tail } = open();
  const first = recordAt(0, 0, 2);
  await tail(0).handle([first]);
  const event = toEvent();
  const nonsense = JSON.stringify({
    ...event,
    data: { ...event.data, tracks: [{ trackId: 'track_1', plays: 1 }] },
  });
  await tail(0).handle([first, recordAt(1, 0, 1, '{'), recordAt(2, 0, 1, nonsense), recordAt(3, 2, 1)]);
  tail(0).onCaughtUp?.();
  expect(followed.seconds()?.countsOf(now / 1_000, null).plays).toBe(2);
  await followed.stop();
});

it('begins anew when reading ends, and knows nothing meanwhile', async () => {
  const { followed, heard, tails, tail } = open();
  tail(0).onCaughtUp?.();
  tail(0).onCrash(new Error('the topic is gone'));
  expect(followed.seconds()).toBeNull();
  await expect.poll(() => tails.length).toBe(2);
  await tail(1).handle([recordAt(7, 0, 5), recordAt(8, 1, 1)]);
  tail(1).onCaughtUp?.();
  expect(followed.seconds()?.countsOf(now / 1_000, 'DE').plays).toBe(5);
  // Who watches looks, whatever was missed.
  expect(heard.at(-1)).toEqual({ trackIds: null, isOver: true });
  await followed.stop();
});
