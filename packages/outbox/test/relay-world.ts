import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventLog, LogUnavailableError, type StoredRecord } from '@medley/event-log';
import { openEmbeddedEventLog } from '@medley/event-log/embedded';
import { defineEvent, defineTopic } from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
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
import type { ScratchDatabase } from './scratch-databases.ts';

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

export const createSource = (sql: SqlWriter): StateSource<OutboxChange & FedRow> => ({
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

/** A log that can be away. */
export async function openTestLog() {
  const folder = await mkdtemp(join(tmpdir(), 'medley-relay-'));
  const log = await openEmbeddedEventLog({ folder, logger: silentLogger });
  let isAway = false;
  return {
    log: {
      ...log,
      append: async (...call: Parameters<EventLog['append']>) => {
        if (isAway) throw new LogUnavailableError('the log is away');
        return log.append(...call);
      },
    } as EventLog,
    setAway(away: boolean) {
      isAway = away;
    },
    read: () => readAll(log),
    async close() {
      await log.close();
      await rm(folder, { recursive: true });
    },
  };
}

export interface Told {
  readonly key: string;
  /** Null is a tombstone. */
  readonly event: {
    id: string;
    type: string;
    source: string;
    time: string;
    data: Record<string, unknown>;
  } | null;
}

/** All that a log has of things, each partition in its order. */
export async function readAll(log: EventLog): Promise<Told[]> {
  const told: Told[] = [];
  for (const { partition, low, high } of await log.admin.offsets(things.name).catch(() => [])) {
    let from = low;
    while (from < high) {
      const records: readonly StoredRecord[] = await log.admin.read(things.name, partition, from, 1_000);
      const last = records.at(-1);
      if (!last) break;
      for (const { key, value } of records)
        told.push({ key, event: value && JSON.parse(value.toString('utf8')) });
      from = last.offset + 1n;
    }
  }
  return told;
}

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
