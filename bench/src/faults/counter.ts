import { type Consumed, startConsumer } from '@medley/event-log';
import { createKafkaEventLog } from '@medley/event-log/kafka';
import { type EventOf, playEvents, type trackPlayed, type userChanged, usersChanged } from '@medley/events';
import { claimEvents, startInboxUpkeep } from '@medley/inbox';
import type { SqlWriter } from '@medley/outbox';
import { createLogger, createMetrics } from '@medley/service';
import { Pool } from 'pg';
import { countingGroup, readSetting, untilTerminated } from './setting.ts';

/** Gives events their effect, a row each, in the transaction in which it claims them. */
const { brokers, countsUrl } = readSetting();
const terminated = untilTerminated();
const [logger, metrics] = [createLogger('counter', 'error'), createMetrics()];
const pool = new Pool({ connectionString: countsUrl, max: 4 });
pool.on('error', () => {});
const stopUpkeep = await startInboxUpkeep({ sql: toSql(pool), inbox: { table: 'counts.inbox' }, logger });
const log = createKafkaEventLog({ brokers, clientId: 'faults-counter', logger, metrics });
const consumer = startConsumer({
  log,
  group: countingGroup,
  topics: [playEvents, usersChanged],
  handle,
  logger,
  metrics,
  onCrash(error) {
    console.error(error);
    process.exit(1);
  },
});

await new Promise((resolve) => terminated.addEventListener('abort', resolve));
await consumer.stop();
await stopUpkeep();
await Promise.all([pool.end(), log.close()]);
process.exit(0);

type Told = EventOf<typeof trackPlayed> | EventOf<typeof userChanged>;

async function handle(consumed: readonly Consumed<Told>[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const claims = consumed.map(({ event }) => ({
      id: event.id,
      time: new Date(event.time),
      content: event.type,
    }));
    const outcomes = await claimEvents(toSql(client), { table: 'counts.inbox' }, claims);
    const effects = consumed
      .filter((_, index) => outcomes[index] === 'new')
      .map(({ event }) => toEffect(event));
    await client.query(
      `INSERT INTO counts.effects (event_id, key, version)
      SELECT event_id, key, version
      FROM jsonb_to_recordset($1::jsonb) AS effect(event_id uuid, key text, version int)`,
      [JSON.stringify(effects)],
    );
    await client.query('COMMIT');
    client.release();
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    client.release(error as Error);
    throw error;
  }
}

function toEffect(event: Told) {
  const version = event.type === 'UserChanged' ? event.data.stateVersion : null;
  return { event_id: event.id, key: event.key, version };
}

function toSql(connection: Pick<Pool, 'query'>): SqlWriter {
  return {
    $queryRawUnsafe: async <Rows>(sql: string, ...parameters: unknown[]) =>
      (await connection.query(sql, parameters)).rows as Rows,
    $executeRawUnsafe: async (sql, ...parameters) => (await connection.query(sql, parameters)).rowCount ?? 0,
  };
}
