import type { EventLog } from '@medley/event-log';
import { defineEvent, defineTopic } from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import type { ScratchDatabase } from '@medley/testing/scratch-databases';
import { z } from 'zod';
import {
  appendToOutbox,
  type Change,
  createOutboxFeed,
  createRelayStore,
  type FedRow,
  type OutboxChange,
  type RelayDependencies,
  type SqlWriter,
  type StateRelayOptions,
  type StateSource,
  startStateRelay,
} from '../src/index.ts';

/** Things that have a text, and what becomes of them. */
export const things = defineTopic({
  name: 'test.things.v1',
  partitions: 3,
  // Not compacted, as such topics are, so that tests see every record.
  retentionMs: 86_400_000,
  events: [
    defineEvent('ThingChanged', 1, { id: z.string(), text: z.string(), stateVersion: z.int().positive() }),
    defineEvent('ThingDeleted', 1, { id: z.string(), stateVersion: z.int().positive() }),
  ],
});

const table = 'things.outbox';

export async function createTables(sql: SqlWriter): Promise<void> {
  for (const statement of [
    'CREATE SCHEMA things',
    `CREATE TABLE things.outbox (
      id bigserial PRIMARY KEY, xid bigint NOT NULL DEFAULT (pg_current_xact_id())::text::bigint,
      key text NOT NULL, type text NOT NULL, version int NOT NULL, data jsonb NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now())`,
    'CREATE INDEX ON things.outbox (xid, id)',
    'CREATE TABLE things.things (id text COLLATE "C" PRIMARY KEY, text text NOT NULL, version int NOT NULL)',
    'CREATE TABLE things.relay_positions (topic text PRIMARY KEY, position text NOT NULL, moved_at timestamptz NOT NULL)',
    `CREATE TABLE things.republications (topic text PRIMARY KEY, id uuid NOT NULL, after text, published bigint NOT NULL,
      requested_at timestamptz NOT NULL, finished_at timestamptz)`,
  ])
    await sql.$executeRawUnsafe(statement);
}

export const thing = (id: string, version: number, text = `${id} as of ${version}`): Change => ({
  key: id,
  type: 'ThingChanged',
  version,
  data: { id, text },
});

export const append = (sql: SqlWriter, ...changes: Change[]) => appendToOutbox(sql, table, changes);

const createSource = (sql: SqlWriter): StateSource<OutboxChange & FedRow> => ({
  feed: createOutboxFeed<OutboxChange>(sql, table),
  statesOf: (rows) => rows.map((row) => ({ ...row, isLast: row.type === 'ThingDeleted' })),
  async readStates(after, limit) {
    const rows = await sql.$queryRawUnsafe<{ id: string; text: string; version: number }[]>(
      'SELECT id, text, version FROM things.things WHERE id > $1 ORDER BY id LIMIT $2',
      after ?? '',
      limit,
    );
    return {
      states: rows.map(({ id, text, version }) => thing(id, version, text)),
      after: rows.at(-1)?.id ?? null,
    };
  },
  store: createRelayStore(sql, 'things'),
});

/** What a relay of things needs on this database. */
export const relayOptions = (
  database: Pick<ScratchDatabase, 'sql' | 'tryHold'>,
  log: EventLog,
  more: Partial<RelayDependencies> = {},
): StateRelayOptions<OutboxChange & FedRow> => ({
  source: createSource(database.sql),
  topic: things,
  subgraph: 'test',
  log,
  tryHold: database.tryHold,
  logger: silentLogger,
  metrics: createMetrics(),
  everyMs: 20,
  standbyMs: 50,
  ...more,
});

export const startRelay = (...given: Parameters<typeof relayOptions>) =>
  startStateRelay(relayOptions(...given));
