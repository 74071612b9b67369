import { randomUUID } from 'node:crypto';
import { startDailyWork, startIngestion } from '@medley/analytics';
import { openRepositories as openAnalytics } from '@medley/analytics/adapters/prisma-repositories';
import { followPopularity } from '@medley/catalog';
import { openRepositories as openCatalog } from '@medley/catalog/adapters/prisma-repositories';
import { publishEvents } from '@medley/event-log';
import { allTopics, createEvent, playEvents, trackPlayed } from '@medley/events';
import { encodeId, newUuid } from '@medley/ids';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { openTestDatabase } from '@medley/testing/database';
import { openTestEventLog } from '@medley/testing/event-log';
import { expect, it, onTestFinished } from 'vitest';

const dayMs = 86_400_000;
const noonOfYesterday = new Date().setUTCHours(12, 0, 0, 0) - dayMs;

/** A play that counts, of an account of its own. */
function aPlay(trackUuid: string) {
  const [userId, trackId] = [encodeId('user', newUuid()), encodeId('track', trackUuid)];
  const at = new Date(noonOfYesterday).toISOString();
  return createEvent(trackPlayed, {
    source: 'streaming',
    id: randomUUID(),
    key: userId,
    time: new Date(at),
    data: {
      ...{ userId, trackId, playedAt: at, reportedAt: at, grantedAt: at, contentHash: randomUUID() },
      ...{ msPlayed: 200_000, counted: true, notCountedReason: null, context: null, offline: false },
      ...{ decisionId: encodeId('decision', newUuid()), market: 'DE', tier: 'FREE', quality: 'NORMAL' },
      ...{ startReason: 'CLICK', endReason: 'TRACK_DONE', skipped: false, deviceId: null },
      ...{ clickToSoundMs: null, stalls: 0, stalledMs: 0 },
    },
  });
}

it('makes what is played popular in the catalog the day after, and its artist', async () => {
  const { log, close } = await openTestEventLog();
  const [analyticsDatabase, catalogDatabase] = [
    await openTestDatabase('analytics'),
    await openTestDatabase('catalog'),
  ];
  const [analytics, catalog] = [openAnalytics(analyticsDatabase), openCatalog(catalogDatabase)];
  onTestFinished(async () => {
    await analytics.close();
    await catalog.close();
    await analyticsDatabase.close();
    await catalogDatabase.close();
    await close();
  });
  await log.admin.ensureTopics(allTopics);
  const [hit, other, artist] = [newUuid(), newUuid(), newUuid()];
  const imported = (id: string, title: string, popularity: number) => ({
    id,
    values: { title, durationMs: 200_000, artistIds: [artist], popularity },
  });
  await catalog.writer.upsert({
    source: { precision: 'described', date: Date.now() },
    artists: [{ id: artist, values: { name: 'Ann', popularity: 5 } }],
    tracks: [imported(hit, 'Hit', 10), imported(other, 'Other', 20)],
  });
  const popularity = async () => {
    const rows = [
      ...(await catalog.catalog.findTracksByIds([hit, other])),
      ...(await catalog.catalog.findArtistsByIds([artist])),
    ];
    return [hit, other, artist].map((id) => rows.find((row) => row?.id === id)?.popularity);
  };
  expect(await popularity()).toEqual([10, 20, 5]);

  const running = {
    log,
    logger: silentLogger,
    metrics: createMetrics(),
    onCrash: (error: Error) => expect.unreachable(error.message),
  };
  const ingestion = startIngestion({ ...analytics, ...running });
  const following = followPopularity({ popularity: catalog.popularity, ...running });
  onTestFinished(() => Promise.all([ingestion.stop(), following.stop()]).then(() => {}));
  await publishEvents(log, playEvents, [
    ...Array.from({ length: 300 }, () => aPlay(hit)),
    ...Array.from({ length: 99 }, () => aPlay(other)),
  ]);
  // Not waited for here: it waits itself until they are counted.
  onTestFinished(startDailyWork({ ...analytics, ...running, everyMs: 100 }));
  await expect.poll(popularity, { timeout: 60_000 }).toEqual([50, 20, 50]);
  expect((await catalog.changes.changesSince(0n, 1_000)).map(({ type }) => type).slice(-2)).toEqual([
    'TrackChanged',
    'ArtistChanged',
  ]);
});
