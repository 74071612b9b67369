import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, types } from 'cassandra-driver';
import type { Replication } from './config.ts';
import { type CassandraConnection, toClientOptions } from './connection.ts';
import { toUnavailable } from './errors.ts';
import { type Migration, readMigrations } from './migrations.ts';
import { splitStatements } from './split-statements.ts';

/** The subgraphs that own tables in Cassandra, each by the files of `subgraphs/<name>/cassandra/`. */
export const ownersOfKeyspaces = ['recommendations'] as const;
export type KeyspaceOwner = (typeof ownersOfKeyspaces)[number];

export interface MigrateOptions {
  readonly connection: CassandraConnection;
  /** For a keyspace that is not there yet; one that is stays as it is. */
  readonly replication: Replication;
  /** How long somebody else who migrates is waited for, in milliseconds; 2 min unless told otherwise. */
  readonly waitMs?: number;
}

/**
 * Makes the keyspace and applies the migrations that it does not have yet, in their order; several processes may begin at
 * once, and one that died half-way is gone on with.
 * @param migrations those of a subgraph, or others
 * @returns the names of those that were applied
 * @throws when an applied file has changed since, and CassandraUnavailableError when the cluster does not answer
 */
export async function migrate(
  { connection, replication, waitMs = 120_000 }: MigrateOptions,
  migrations: KeyspaceOwner | readonly Migration[],
): Promise<readonly string[]> {
  const wanted = typeof migrations === 'string' ? await readMigrations(migrations) : migrations;
  const options = {
    ...toClientOptions({ requestTimeoutMs: 15_000, ...connection }),
    queryOptions: { consistency: types.consistencies.quorum },
  };
  const { keyspace } = connection;
  await using(new Client(options), (client) => client.execute(createKeyspace(keyspace, replication)));
  return using(new Client({ ...options, keyspace }), async (client) => {
    await client.execute(
      createTable('schema_migrations_lock', 'name text PRIMARY KEY, holder uuid', connection),
    );
    await client.execute(
      createTable(
        'schema_migrations',
        'name text PRIMARY KEY, checksum text, applied_at timestamp',
        connection,
      ),
    );
    return await withLock(client, waitMs, (keepLock) => applyMissing(client, wanted, keepLock));
  });
}

async function using<Result>(client: Client, action: (client: Client) => Promise<Result>): Promise<Result> {
  try {
    return await action(client);
  } catch (error) {
    throw toUnavailable(error);
  } finally {
    await client.shutdown();
  }
}

async function applyMissing(client: Client, wanted: readonly Migration[], keepLock: () => Promise<void>) {
  const { rows } = await client.execute('SELECT name, checksum FROM schema_migrations');
  const applied = new Map(rows.map((row) => [row.get('name') as string, row.get('checksum') as string]));
  const names: string[] = [];
  for (const { name, cql } of wanted) {
    const checksum = createHash('sha256').update(cql).digest('hex');
    if (applied.has(name)) {
      if (applied.get(name) === checksum) continue;
      throw new Error(`${name} has changed since it was applied: write a new migration instead`);
    }
    for (const statement of splitStatements(cql)) {
      await keepLock();
      const { info } = await client.execute(statement);
      // The driver has waited for it; its types do not know what it tells.
      if (!(info as { isSchemaInAgreement?: boolean }).isSchemaInAgreement)
        throw new Error(`the nodes do not agree on the schema after: ${statement}`);
    }
    await client.execute(
      'INSERT INTO schema_migrations (name, checksum, applied_at) VALUES (?, ?, ?)',
      [name, checksum, new Date()],
      { prepare: true },
    );
    names.push(name);
  }
  return names;
}

/** Nodes that make a table at the same time must give it the same id, so it is told to them. */
function createTable(name: string, columns: string, { keyspace }: CassandraConnection) {
  const id = createHash('sha256').update(`${keyspace}.${name}`).digest('hex');
  const uuid = `${id.slice(0, 8)}-${id.slice(8, 12)}-5${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20, 32)}`;
  return `CREATE TABLE IF NOT EXISTS ${name} (${columns}) WITH ID = ${uuid}`;
}

function createKeyspace(name: string, replication: Replication) {
  const nodes = Object.entries(replication).map(([dataCenter, count]) => `'${dataCenter}': ${count}`);
  return `CREATE KEYSPACE IF NOT EXISTS ${name} WITH replication = {'class': 'NetworkTopologyStrategy', ${nodes.join(', ')}}`;
}

// Longer than any one statement may take.
const lockSeconds = 60;

/** One process at a time; whoever dies with the lock loses it after a minute. */
async function withLock<Result>(
  client: Client,
  waitMs: number,
  action: (keep: () => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const holder = randomUUID();
  const isApplied = async (cql: string) => {
    const options = { prepare: true, serialConsistency: types.consistencies.serial };
    return (await client.execute(cql, [holder], options)).wasApplied();
  };
  const deadline = Date.now() + waitMs;
  while (
    !(await isApplied(
      `INSERT INTO schema_migrations_lock (name, holder) VALUES ('schema', ?) IF NOT EXISTS USING TTL ${lockSeconds}`,
    ))
  ) {
    if (Date.now() > deadline) throw new Error(`somebody else has been migrating for ${waitMs} ms`);
    await delay(200);
  }
  try {
    return await action(async () => {
      const keeps = await isApplied(
        `UPDATE schema_migrations_lock USING TTL ${lockSeconds} SET holder = ${holder} WHERE name = 'schema' IF holder = ?`,
      );
      if (!keeps) throw new Error('the lock on the schema was lost');
    });
  } finally {
    await isApplied(`DELETE FROM schema_migrations_lock WHERE name = 'schema' IF holder = ?`).catch(() => {});
  }
}
