import { randomUUID } from 'node:crypto';
import { analyticsLive } from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { openTestEventLog, type TestEventLog } from '@medley/testing/event-log';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type PlayTeller, startTellingPlays } from '../../src/live/tell-plays.ts';
import { publicId, uuid } from '../asking.ts';

let world: TestEventLog;
let teller: PlayTeller;

beforeEach(async () => {
  world = await openTestEventLog();
  await world.log.admin.ensureTopics([analyticsLive]);
  teller = startTellingPlays({ log: world.log, logger: silentLogger, metrics: createMetrics() });
});
afterEach(async () => {
  await teller.stop();
  await world.close();
});

const counted = (market: string, track: string) => ({
  id: randomUUID(),
  markets: [{ market, plays: 1, notCounted: 2 }],
  tracks: [{ id: uuid('track', track), plays: 1 }],
});
const told = async () => (await world.read(analyticsLive.name)).map(({ event }) => event?.data);

it('tells what is counted at about the same time in one event', async () => {
  const batches = ['DE', 'BR', 'DE'].map((market) => counted(market, 'Air'));
  for (const batch of batches) teller.tell(batch);
  await teller.stop();
  expect(await told()).toEqual([
    {
      batches: batches.map(({ id, markets }) => ({ id, markets })),
      tracks: [{ trackId: publicId('track', 'Air'), plays: 3 }],
    },
  ]);
});

it('holds nobody up while the log is away, and tells it then', async () => {
  world.setAway(true);
  teller.tell(counted('DE', 'Air'));
  teller.tell(counted('DE', 'Beach'));
  world.setAway(false);
  await expect.poll(told).toMatchObject([{ tracks: [{ plays: 1 }, { plays: 1 }] }]);
});

it('tells so many tracks at a time that an event is never too large', async () => {
  const tracks = Array.from({ length: 12_000 }, (_, index) => ({ id: uuid('track', `${index}`), plays: 1 }));
  for (let from = 0; from < tracks.length; from += 500)
    teller.tell({ id: randomUUID(), markets: [], tracks: tracks.slice(from, from + 500) });
  await teller.stop();
  const sizes = (await told()).map((data) => (data as { tracks: unknown[] }).tracks.length);
  expect(sizes).toEqual([5_000, 5_000, 2_000]);
});
