import { publishEvents } from '@medley/event-log';
import { allTopics, edgeAccess, playbackDecisions, playbackQuality, playEvents } from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { testDatabaseKind } from '@medley/testing/database';
import { openTestEventLog, type TestEventLog } from '@medley/testing/event-log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generationTables } from '../src/adapters/generation-tables.ts';
import type { Ledger } from '../src/domain/ledger.ts';
import { type Ingestion, type Ledgers, sourcesOf, startIngestion } from '../src/ingestion.ts';
import { type RebuildOptions, rebuild } from '../src/rebuild.ts';
import { type Counting, openCounting, rowsOf } from './counting.ts';
import { decided, measured, traffic } from './told-events.ts';
import { listening } from './told-plays.ts';

type Rows = Readonly<Record<string, readonly string[]>>;

describe(`numbers that are counted anew on ${testDatabaseKind}`, () => {
  let counting: Counting;
  let world: TestEventLog;
  let ingestion: Ingestion | undefined;
  const crashes: Error[] = [];

  beforeEach(async () => {
    counting = await openCounting();
    world = await openTestEventLog();
    await world.log.admin.ensureTopics(allTopics);
  });
  afterEach(async () => {
    await ingestion?.stop();
    ingestion = undefined;
    await world?.close();
    await counting?.close();
    expect(crashes.splice(0)).toEqual([]);
  });

  function count(ledgers: Ledgers = counting.ledgers) {
    ingestion = startIngestion({
      ...counting,
      ...{ ledgers, log: world.log, logger: silentLogger, metrics: createMetrics() },
      onCrash: (error) => crashes.push(error),
    });
  }
  const rebuildAll = (options: Partial<RebuildOptions> = {}) =>
    rebuild({ ...counting, log: world.log, logger: silentLogger, ...options });

  async function untilCounted() {
    for (const { group, topic } of sourcesOf(counting.ledgers)) {
      const lag = async () =>
        (await world.log.admin.positions(group, [topic.name])).reduce((sum, { lag }) => sum + lag, 0n);
      await expect.poll(lag, { timeout: 280_000, interval: 100 }).toBe(0n);
    }
  }
  async function shown({ generations, client }: Counting = counting): Promise<Rows> {
    const { current } = await generations.find();
    const tables: Record<string, readonly string[]> = {};
    for (const table of generationTables) tables[table] = await rowsOf(client, table, current?.id);
    return tables;
  }
  /** Tells a hundred at a time, some of them twice. */
  async function tell(seed: number, plays: number) {
    const told = listening(plays, seed);
    const users = [...new Set(told.map(({ data }) => data.userId))];
    for (let from = 0; from < told.length; from += 100) {
      const portion = told.slice(from, from + 100);
      await publishEvents(world.log, playEvents, portion);
      if (from % 1_000 === 0) await publishEvents(world.log, playEvents, portion);
      const starts = Array.from({ length: 10 }, (_, index) => measured({ userId: users[index] }));
      await publishEvents(world.log, playbackQuality, starts);
      await publishEvents(world.log, playbackDecisions, [decided(), decided()]);
      await publishEvents(world.log, edgeAccess, [traffic(anHourAgo)]);
    }
  }

  it('are the same, bit for bit, whatever happens meanwhile', async () => {
    const failing = { calls: 0, failures: 0 };
    const { plays, ...others } = counting.ledgers;
    count({ ...others, plays: withFailures(plays, failing) });
    await tell(1, 6_000);
    await untilCounted();
    const first = await shown();
    for (const table of generationTables) expect(first[table]?.length, table).toBeGreaterThan(0);

    // Interrupted twice, each time a little later.
    for (const share of [0.2, 0.6]) {
      const interruption = new AbortController();
      const interrupted = rebuildAll({
        signal: interruption.signal,
        onProgress: ({ handled, of }) => {
          if (Number(handled) > share * Number(of)) interruption.abort(new Error('interrupted'));
        },
      });
      await expect(interrupted).rejects.toThrow('interrupted');
      expect((await counting.generations.find()).building?.id).toBe(2);
    }
    const { generation, leftOut } = await rebuildAll();
    expect([generation.id, leftOut]).toEqual([2, 0]);
    expect(await shown()).toEqual(first);

    // While more is told, and counted.
    const telling = tell(2, 4_000);
    const second = await rebuildAll();
    await telling;
    await untilCounted();
    const last = await shown();
    expect((await counting.generations.find()).current?.id).toBe(second.generation.id);
    expect(last).not.toEqual(first);
    expect(failing.failures).toBeGreaterThan(4);

    // From nothing but the log, in a database that never heard of any of it.
    const other = await openCounting();
    try {
      await rebuildAll({ ...other });
      expect(await shown(other)).toEqual(last);
    } finally {
      await other.close();
    }
  }, 600_000);
});

// What the edge fetched is forgotten after a day.
const anHourAgo = {
  from: new Date(Date.now() - 3_610_000).toISOString(),
  until: new Date(Date.now() - 3_600_000).toISOString(),
};

/** Fails before and after its commit, as a connection does that breaks: of the latter nobody knows whether it was committed. */
const withFailures = <Told>(
  ledger: Ledger<Told>,
  counts: { calls: number; failures: number },
): Ledger<Told> => ({
  async record(events, options) {
    counts.calls += 1;
    const fails = counts.calls % 5 === 2;
    const error = Object.assign(new Error('the connection broke'), { code: 'ECONNRESET' });
    if (fails) counts.failures += 1;
    if (fails && counts.calls % 2) throw error;
    await ledger.record(events, options);
    if (fails) throw error;
  },
});
