import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryCache } from '@medley/cache';
import { LogUnavailableError } from '@medley/event-log';
import { openEmbeddedEventLog } from '@medley/event-log/embedded';
import { openSpool, type SpoolOptions } from '@medley/event-log/spool';
import { parseEvent, playEvents } from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCachedRecentReports } from '../src/adapters/cached-recent-reports.ts';
import { createSpooledPlayLog } from '../src/adapters/spooled-play-log.ts';
import { aGrant, minutesAgo } from './reported-plays.ts';
import { asViewer, openStreaming, playbackTokens } from './streaming-under-test.ts';

const mutation = `mutation ($input: PlaybackReportInput!) {
  playbackReport(input: $input) { results { id status retryAfterMs } userErrors { message } }
}`;
type Answer = { playbackReport: { results: { id: string; status: string }[] } };

const someEvents = (count: number) =>
  Array.from({ length: count }, () => ({
    id: randomUUID(),
    playbackToken: playbackTokens.sign(aGrant()),
    playedAt: minutesAgo(4).toISOString(),
    msPlayed: 212_000,
    startReason: 'CLICK',
    endReason: 'TRACK_DONE',
  }));

const teardown: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of teardown.splice(0).reverse()) await close();
});

/** The subgraph on a real log and a real spool; the log can be taken away. */
async function openReports({ maxBytes = 10_000_000 }: { maxBytes?: number } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'medley-reports-'));
  teardown.push(() => rm(folder, { recursive: true }));
  const log = await openEmbeddedEventLog({ folder: join(folder, 'log'), logger: silentLogger });
  teardown.push(() => log.close());
  await log.admin.ensureTopics([playEvents]);
  const logState = { away: false };
  const orAway = <Answer>(ask: () => Promise<Answer>) =>
    logState.away ? Promise.reject(new LogUnavailableError('away')) : ask();
  const faulty: SpoolOptions['log'] = {
    append: (topic, records) => orAway(() => log.append(topic, records)),
    ping: (timeoutMs) => orAway(() => log.ping(timeoutMs)),
  };
  // A machine that is busy with other tests must not look like a slow log.
  const open = () =>
    openSpool({
      folder: join(folder, 'spool'),
      log: faulty,
      maxBytes,
      logTimeoutMs: 5_000,
      metrics: createMetrics(),
      logger: silentLogger,
    });
  let spool = await open();
  teardown.push(() => spool.stop());
  const { ask } = await openStreaming({
    reports: {
      log: createSpooledPlayLog({
        spool: { append: (topic, records) => spool.append(topic, records) },
        logger: silentLogger,
      }),
      recent: createCachedRecentReports(createMemoryCache({ maxBytes: 1_000_000 })),
      observe() {},
    },
  });
  return {
    logState,
    async report(events: readonly object[]) {
      const { data, errors } = await ask<Answer>(mutation, { input: { events } }, asViewer());
      expect(errors).toBeUndefined();
      return data.playbackReport.results.map(({ status }) => status);
    },
    async restartSpool() {
      await spool.stop();
      spool = await open();
    },
    /** The ids in the log, in their order. */
    async stored() {
      const ids: string[] = [];
      for (const { partition, low, high } of await log.admin.offsets(playEvents.name)) {
        const records = high > low ? await log.admin.read(playEvents.name, partition, low, 10_000) : [];
        for (const { value } of records) {
          const parsed = parseEvent(playEvents, value);
          if (parsed.kind !== 'event') throw new Error(JSON.stringify(parsed));
          ids.push(parsed.event.id);
        }
      }
      return ids;
    },
  };
}

const idsOf = (events: readonly { id: string }[]) => events.map(({ id }) => id);

describe('reports on a log that goes away', () => {
  it('are stored in the order in which they were told', async () => {
    const { report, stored } = await openReports();
    const [first, second] = [someEvents(100), someEvents(3)];
    expect(new Set(await report(first))).toEqual(new Set(['STORED']));
    await report(second);
    expect(await stored()).toEqual(idsOf([...first, ...second]));
  });

  it('are deferred to the disk, survive the process, and come to the log when it is back', async () => {
    const { report, stored, logState, restartSpool } = await openReports();
    logState.away = true;
    const events = [someEvents(50), someEvents(50)];
    for (const batch of events) expect(new Set(await report(batch))).toEqual(new Set(['DEFERRED']));
    expect(await stored()).toEqual([]);
    await restartSpool();
    logState.away = false;
    await vi.waitFor(async () => expect(await stored()).toEqual(idsOf(events.flat())), { timeout: 20_000 });
    await vi.waitFor(async () => expect(await report(someEvents(1))).toEqual(['STORED']), {
      timeout: 20_000,
    });
  });

  it('are to be sent again later when the disk has no room, and nothing is lost that was taken', async () => {
    const { report, stored, logState } = await openReports({ maxBytes: 60_000 });
    logState.away = true;
    const taken: string[] = [];
    const refused: ReturnType<typeof someEvents> = [];
    for (let round = 0; round < 10; round += 1) {
      const events = someEvents(20);
      const statuses = await report(events);
      expect(new Set(statuses).size).toBe(1);
      if (statuses[0] === 'DEFERRED') taken.push(...idsOf(events));
      else {
        expect(statuses[0]).toBe('RETRY_LATER');
        refused.push(...events);
      }
    }
    expect(taken.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(0);
    logState.away = false;
    await vi.waitFor(async () => expect((await stored()).toSorted()).toEqual(taken.toSorted()), {
      timeout: 20_000,
    });
    await vi.waitFor(
      async () => expect(new Set(await report(refused.slice(0, 100)))).toEqual(new Set(['STORED'])),
      {
        timeout: 20_000,
      },
    );
  });
});
