import { parseArgs } from 'node:util';
import { rebuild, startIngestion } from '@medley/analytics';
import { openRepositories, type Repositories } from '@medley/analytics/adapters/prisma-repositories';
import { sourcesOf } from '@medley/analytics/ingestion';
import type { Database } from '@medley/database';
import { type EventLog, followGroup, publishEvents, replay } from '@medley/event-log';
import { edgeAccess, playbackDecisions, playbackQuality, playEvents } from '@medley/events';
import { createLogger, createMetrics } from '@medley/service';
import { checkAccuracy } from './analytics/accuracy.ts';
import { type Chapter, createListening } from './analytics/listening.ts';
import { openEmbeddedParts, openServerParts, type Parts } from './analytics/parts.ts';
import { differencesOf, type Snapshot, takeSnapshot } from './analytics/snapshot.ts';

/**
 * `npm run bench:analytics -- --plays 1000000`: a week of plays, with measurements, decisions and traffic of the edge, goes through the event
 * log into the numbers of analytics. They are held against exact ones; then they are deleted and counted again by replay, then built anew
 * beside themselves: all three must be the same, bit for bit. On embedded parts, and on Kafka and PostgreSQL where KAFKA_JARS and
 * TEST_POSTGRES_URL are set; `--on embedded` or `--on servers` leaves out the other.
 */
const { values } = parseArgs({
  options: { plays: { type: 'string', default: '1000000' }, on: { type: 'string' } },
});
const plays = Number(values.plays);
if (!(Number.isInteger(plays) && plays >= 1_000 && plays <= 10_000_000))
  throw new RangeError(`--plays must be 1,000 to 10,000,000, got ${values.plays}`);
if (values.on !== undefined && !['embedded', 'servers'].includes(values.on))
  throw new RangeError(`--on must be embedded or servers, got ${values.on}`);
const logger = createLogger('bench', 'error');

if (values.on !== 'servers') await run(await openEmbeddedParts());
if (values.on !== 'embedded') {
  const servers = await openServerParts();
  if (servers) await run(servers);
  else console.log('no KAFKA_JARS or TEST_POSTGRES_URL: Kafka and PostgreSQL are left out');
}

async function run({ name, log, openDatabase, close }: Parts): Promise<void> {
  console.log(`\n${name}, ${plays.toLocaleString('en')} plays:`);
  try {
    const { chapters, exact } = createListening(plays);
    const startedAt = performance.now();
    const events = await tell(log, chapters);
    print('told to the log', events, startedAt);

    const first = await withDatabase(openDatabase, async (database, repositories) => {
      await time('counted', events, () => count(log, repositories));
      await checkAccuracy(database, exact);
      return takeSnapshot(database, 1);
    });
    const rows = [...first.values()].reduce((sum, table) => sum + table.rows, 0);
    console.log(`  ${rows.toLocaleString('en')} rows; now all of them are deleted`);

    await withDatabase(openDatabase, async (database, repositories) => {
      for (const { group, topic } of sourcesOf(repositories.ledgers))
        await replay(log, { group, topic: topic.name, from: 'beginning' });
      await time('counted again by replay', events, () => count(log, repositories));
      expectSame(first, await takeSnapshot(database, 1));

      const { generation } = await time('built anew beside them', events, () =>
        rebuild({ log, ...repositories, logger }),
      );
      expectSame(first, await takeSnapshot(database, generation.id));
    });
    console.log('  all three are the same, bit for bit');
  } finally {
    await close();
  }
}

async function withDatabase<Result>(
  open: () => Promise<Database>,
  work: (database: Database, repositories: Repositories) => Promise<Result>,
): Promise<Result> {
  const database = await open();
  const repositories = openRepositories(database);
  try {
    return await work(database, repositories);
  } finally {
    await repositories.close();
    await database.close();
  }
}

/** @returns how many events */
async function tell(log: EventLog, chapters: Iterable<Chapter>): Promise<number> {
  let count = 0;
  for (const { plays, measurements, decisions, traffic } of chapters) {
    await publishEvents(log, playEvents, plays);
    await publishEvents(log, playbackQuality, measurements);
    await publishEvents(log, playbackDecisions, decisions);
    await publishEvents(log, edgeAccess, traffic);
    count += plays.length + measurements.length + decisions.length + traffic.length;
  }
  return count;
}

async function time<Result>(what: string, events: number, work: () => Promise<Result>): Promise<Result> {
  const startedAt = performance.now();
  const result = await work();
  print(what, events, startedAt);
  return result;
}

function print(what: string, events: number, startedAt: number): void {
  const seconds = (performance.now() - startedAt) / 1_000;
  const rate = Math.round(events / seconds).toLocaleString('en');
  console.log(
    `  ${what}: ${events.toLocaleString('en')} events in ${seconds.toFixed(1)} s, ${rate} a second`,
  );
}

/** Counts all that the log has. */
async function count(log: EventLog, repositories: Repositories): Promise<void> {
  const failing = new AbortController();
  const ingestion = startIngestion({
    log,
    ...repositories,
    logger,
    metrics: createMetrics(),
    onCrash: (error) => failing.abort(error),
  });
  const { signal } = failing;
  try {
    await Promise.all(
      sourcesOf(repositories.ledgers).map(({ group, topic }) =>
        followGroup(log, { group, topic: topic.name, signal }),
      ),
    );
    signal.throwIfAborted();
  } finally {
    await ingestion.stop();
  }
}

function expectSame(one: Snapshot, other: Snapshot): void {
  const differences = differencesOf(one, other);
  if (differences.length > 0) throw new Error(`not the same numbers: ${differences.join(', ')}`);
}
