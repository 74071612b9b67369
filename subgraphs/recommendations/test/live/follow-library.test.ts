import { randomUUID } from 'node:crypto';
import { publishEvents } from '@medley/event-log';
import { allTopics, createEvent, libraryChanged, libraryEntryChanged } from '@medley/events';
import { encodeId } from '@medley/ids';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { openTestEventLog } from '@medley/testing/event-log';
import { expect, it } from 'vitest';
import { followLibrary } from '../../src/live/follow-library.ts';
import { createMemoryUserData } from './memory-user-data.ts';

it('keeps the newest of what accounts keep, tells them, and buries what names nobody', async () => {
  const world = await openTestEventLog();
  const userData = createMemoryUserData();
  const crashes: Error[] = [];
  await world.log.admin.ensureTopics(allTopics);
  const consumer = followLibrary({
    log: world.log,
    library: userData.library,
    logger: silentLogger,
    metrics: createMetrics(),
    onCrash: (error) => crashes.push(error),
  });
  const [account, item] = [randomUUID(), encodeId('artist', randomUUID())];
  const change = (stateVersion: number, inLibrary: boolean, userId = encodeId('user', account)) =>
    createEvent(libraryEntryChanged, {
      source: 'playlists',
      key: `${encodeId('user', account)}/${item}`,
      data: { userId, itemId: item, stateVersion, inLibrary, at: '2026-11-23T12:00:00.000Z' },
    });
  try {
    // The later state first, as when it is told again.
    await publishEvents(world.log, libraryChanged, [
      change(3, true),
      change(2, false),
      change(1, true, 'nobody'),
    ]);
    await expect.poll(async () => (await world.read(`${libraryChanged.name}.dlq`)).length).toBe(1);
    expect(await userData.library.find(account)).toEqual([
      {
        userId: account,
        itemId: item,
        version: 3,
        inLibrary: true,
        at: new Date('2026-11-23T12:00:00.000Z'),
      },
    ]);
    const told = await world.read('recommendations.updated.v1');
    expect(told.map(({ key, event }) => [key, event?.data])).toEqual([
      [
        encodeId('user', account),
        { userId: encodeId('user', account), cause: 'LIBRARY', profileVersion: 0, play: null },
      ],
    ]);
    expect(crashes).toEqual([]);
  } finally {
    await consumer.stop();
    await world.close();
  }
});
