import { listDeadLetters, publishEvents } from '@medley/event-log';
import { analyticsPopularity, createEvent, trackPopularityMeasured, withItsLetters } from '@medley/events';
import { encodeId, newUuid } from '@medley/ids';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { openTestEventLog } from '@medley/testing/event-log';
import { expect, it, onTestFinished } from 'vitest';
import { followPopularity } from '../src/app.ts';
import type { MeasuredPopularity } from '../src/domain/popularity-writer.ts';
import { uuid } from './catalog-rows.ts';
import { publicId } from './open-catalog.ts';

async function openLog() {
  const { log, close } = await openTestEventLog();
  onTestFinished(close);
  await log.admin.ensureTopics(withItsLetters(analyticsPopularity));
  return log;
}

const told = (id: string, popularity: number) =>
  createEvent(trackPopularityMeasured, {
    source: 'analytics',
    key: id,
    data: { id, stateVersion: 1, popularity, plays: 1_000, measuredAt: '2026-05-01T00:30:00.000Z' },
  });

it('writes what analytics measures, 250 tracks at once at most, and says so', async () => {
  const log = await openLog();
  const calls: (readonly MeasuredPopularity[])[] = [];
  let written = 0;
  const ids = Array.from({ length: 2_000 }, () => newUuid());
  await publishEvents(
    log,
    analyticsPopularity,
    ids.map((id, index) => told(encodeId('track', id), index % 101)),
  );
  const consumer = followPopularity({
    log,
    popularity: {
      async takeMeasured(measured) {
        calls.push(measured);
        return { tracks: measured.length > 100 ? 1 : 0, artists: 0 };
      },
    },
    onWritten: () => {
      written += 1;
    },
    logger: silentLogger,
    metrics: createMetrics(),
    onCrash: (error) => expect.unreachable(error.message),
  });
  onTestFinished(() => consumer.stop());
  await expect.poll(() => calls.flat().length).toBe(2_000);
  expect(Math.max(...calls.map(({ length }) => length))).toBeLessThanOrEqual(250);
  expect(new Set(calls.flat().map(({ trackId }) => trackId))).toEqual(new Set(ids));
  expect(written).toBe(calls.filter(({ length }) => length > 100).length);
  expect(consumer.findUnready()).toEqual([]);
});

it('puts what is no track among the dead letters, and writes what is beside it', async () => {
  const log = await openLog();
  const taken: MeasuredPopularity[] = [];
  const consumer = followPopularity({
    log,
    popularity: {
      async takeMeasured(measured) {
        taken.push(...measured);
        return { tracks: measured.length, artists: 0 };
      },
    },
    logger: silentLogger,
    metrics: createMetrics(),
    onCrash: (error) => expect.unreachable(error.message),
  });
  onTestFinished(() => consumer.stop());
  const artist = publicId('artist', 'ann');
  await publishEvents(log, analyticsPopularity, [told(artist, 1), told(publicId('track', 'blue'), 2)]);
  await expect
    .poll(() => taken)
    .toEqual([
      { trackId: uuid('track', 'blue'), popularity: 2, measuredAt: new Date('2026-05-01T00:30:00.000Z') },
    ]);
  await expect
    .poll(async () => (await listDeadLetters(log, { topic: analyticsPopularity.name })).letters)
    .toMatchObject([{ key: artist, group: 'catalog.popularity', reason: expect.stringContaining(artist) }]);
});
