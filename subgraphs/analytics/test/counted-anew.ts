import { type EventLog, publishEvents } from '@medley/event-log';
import { edgeAccess, playbackDecisions, playbackQuality, playEvents } from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { expect } from 'vitest';
import { generationTables } from '../src/adapters/generation-tables.ts';
import type { Ledger } from '../src/domain/ledger.ts';
import { sourcesOf, startIngestion } from '../src/ingestion.ts';
import { type RebuildOptions, rebuild } from '../src/rebuild.ts';
import { type Counting, openCounting, rowsOf } from './counting.ts';
import { decided, measured, traffic } from './told-events.ts';
import { listening } from './told-plays.ts';

/**
 * Counts plays and what belongs to them, told twice here and there, by ledgers that fail before and after their commit; counts
 * them anew with interruptions, counts more while that is done once more, and then counts all of it into an empty database: every row of
 * every table is the same.
 * @param log has the topics, and nothing in them
 * @param plays how many different ones, about
 */
export async function countAnew(log: EventLog, plays: number): Promise<void> {
  const counting = await openCounting();
  const crashes: Error[] = [];
  const failing = { calls: 0, failures: 0 };
  const ingestion = startIngestion({
    ...counting,
    ledgers: { ...counting.ledgers, plays: withFailures(counting.ledgers.plays, failing) },
    ...{ log, logger: silentLogger, metrics: createMetrics() },
    onCrash: (error) => crashes.push(error),
  });
  const rebuildAll = (options: Partial<RebuildOptions> = {}) =>
    rebuild({ ...counting, log, logger: silentLogger, ...options });
  try {
    const first = await tell(log, 1, 0.6 * plays);
    await untilCounted(log);
    const before = await shown(counting);
    for (const table of generationTables) expect(before[table]?.length, table).toBeGreaterThan(0);
    expect(await countTold(counting)).toBe(first);

    // Interrupted twice, each time a little later.
    for (const share of [0.2, 0.6]) {
      const interruption = new AbortController();
      const interrupted = rebuildAll({
        signal: interruption.signal,
        onProgress({ handled, of }) {
          if (Number(handled) >= share * Number(of)) interruption.abort(new Error('interrupted'));
        },
        // However fast it is.
        generations: { ...counting.generations, show: async () => false },
      });
      await expect(interrupted).rejects.toThrow('interrupted');
      expect((await counting.generations.find()).building?.id).toBe(2);
    }
    const { generation, leftOut } = await rebuildAll();
    expect([generation.id, leftOut]).toEqual([2, 0]);
    expect(await shown(counting)).toEqual(before);

    const telling = tell(log, 2, 0.4 * plays);
    const second = await rebuildAll();
    const more = await telling;
    await untilCounted(log);
    const after = await shown(counting);
    expect((await counting.generations.find()).current).toEqual(second.generation);
    expect(await countTold(counting)).toBe(first + more);

    const other = await openCounting();
    try {
      await rebuildAll({ ...other });
      expect(await shown(other)).toEqual(after);
    } finally {
      await other.close();
    }
    expect(failing.failures).toBeGreaterThan(4);
    expect(crashes).toEqual([]);
  } finally {
    await ingestion.stop();
    await counting.close();
  }
}

/** Tells a hundred at a time, some of them twice. @returns how many different plays */
async function tell(log: EventLog, seed: number, plays: number): Promise<number> {
  const told = listening(plays, seed);
  const users = [...new Set(told.map(({ data }) => data.userId))];
  for (let from = 0; from < told.length; from += 100) {
    const portion = told.slice(from, from + 100);
    await publishEvents(log, playEvents, portion);
    if (from % 1_000 === 0) await publishEvents(log, playEvents, portion);
    const starts = Array.from({ length: 10 }, (_, index) => measured({ userId: users[index] }));
    await publishEvents(log, playbackQuality, starts);
    await publishEvents(log, playbackDecisions, [decided(), decided()]);
    await publishEvents(log, edgeAccess, [traffic(anHourAgo)]);
  }
  return new Set(told.map(({ id, data }) => `${data.userId} ${id}`)).size;
}

// What the edge fetched is forgotten after three hours.
const anHourAgo = {
  from: new Date(Date.now() - 3_610_000).toISOString(),
  until: new Date(Date.now() - 3_600_000).toISOString(),
};

async function untilCounted(log: EventLog): Promise<void> {
  for (const { group, topic } of sourcesOf({} as never)) {
    const lag = async () =>
      (await log.admin.positions(group, [topic.name])).reduce((sum, { lag }) => sum + lag, 0n);
    await expect.poll(lag, { timeout: 280_000, interval: 100 }).toBe(0n);
  }
}

async function shown({ generations, client }: Counting): Promise<Record<string, readonly string[]>> {
  const { current } = await generations.find();
  const tables: Record<string, readonly string[]> = {};
  for (const table of generationTables) tables[table] = await rowsOf(client, table, current?.id);
  return tables;
}

/** How many plays the series tells of, counted or not. */
async function countTold({ generations, client }: Counting): Promise<number> {
  const { current } = await generations.find();
  const { _sum } = await client.playSeries.aggregate({
    where: { grain: 60, generation: current?.id },
    _sum: { plays: true, tooShort: true, unverified: true, grantExpired: true, doubtful: true },
  });
  return Object.values(_sum).reduce((sum, count) => sum + Number(count), 0);
}

/** Fails before and after its commit, as a connection does that breaks: of the latter nobody knows whether it was committed. */
const withFailures = <Told, Counted>(
  ledger: Ledger<Told, Counted>,
  counts: { calls: number; failures: number },
): Ledger<Told, Counted> => ({
  async record(events, options) {
    counts.calls += 1;
    const fails = counts.calls % 5 === 2;
    const error = Object.assign(new Error('the connection broke'), { code: 'ECONNRESET' });
    if (fails) counts.failures += 1;
    if (fails && counts.calls % 2) throw error;
    const counted = await ledger.record(events, options);
    if (fails) throw error;
    return counted;
  },
});
