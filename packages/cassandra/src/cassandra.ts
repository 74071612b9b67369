import type { Logger, Metrics } from '@medley/service';
import { Client, types } from 'cassandra-driver';
import { type CassandraConnection, toClientOptions } from './connection.ts';
import { CassandraUnavailableError, toUnavailable } from './errors.ts';
import { toRow } from './row.ts';

/** A row by the names of its columns: uuid as string, timestamp as Date, bigint and counter as bigint, missing as null. */
export type Row = Record<string, unknown>;

/** CQL with a `?` for each parameter. It is prepared once for each text, so values never belong in it. */
export interface Statement {
  readonly cql: string;
  readonly parameters?: readonly unknown[];
}

/**
 * One keyspace. Each statement needs a quorum of the local data centre and ends within about two request timeouts; what
 * cannot be done now rejects with a CassandraUnavailableError, what is wrong with a statement with the driver's error.
 */
export interface Cassandra {
  /** All rows, however many pages they take: for queries whose answer is known to be short. */
  select<Type = Row>(cql: string, parameters?: readonly unknown[]): Promise<readonly Type[]>;
  /** Page after page, each fetched when it is asked for. @param pageSize rows, 1,000 unless told otherwise */
  pages<Type = Row>(
    cql: string,
    parameters?: readonly unknown[],
    pageSize?: number,
  ): AsyncIterable<readonly Type[]>;
  /** A write that may be sent twice: no counter, no `list + …`, no value of the server's clock; and no `IF`. */
  write(cql: string, parameters?: readonly unknown[]): Promise<void>;
  /** Such writes, each by itself, 32 at a time. When one fails, others may have been done. */
  writeAll(statements: readonly Statement[]): Promise<void>;
  /** Such writes as one: all or none. Cheap within one partition, dear over several. */
  writeTogether(statements: readonly Statement[]): Promise<void>;
  /**
   * A write with `IF`, never sent twice: after a CassandraUnavailableError it may have been done.
   * @returns the row that is in its way, or null when it was done; an empty row is in the way of `IF EXISTS`
   */
  writeIf<Type = Row>(cql: string, parameters?: readonly unknown[]): Promise<Type | null>;
  /** @throws CassandraUnavailableError */
  ping(): Promise<void>;
  /** Waits for what is under way; afterwards everything is refused. */
  close(): Promise<void>;
}

/** A keyspace of a cluster. Nothing is connected before it is needed, and nothing has to be there when it is created. */
export function createCassandra({
  connection,
  logger,
  metrics,
}: {
  connection: CassandraConnection;
  logger?: Logger;
  metrics?: Metrics;
}): Cassandra {
  const { consistencies } = types;
  const client = new Client({
    ...toClientOptions(connection),
    keyspace: connection.keyspace,
    queryOptions: {
      consistency: consistencies.localQuorum,
      serialConsistency: consistencies.localSerial,
      prepare: true,
      isIdempotent: true,
    },
  });
  client.on('hostDown', (host) => logger?.warn({ host: host.address }, 'a node of Cassandra is away'));
  client.on('hostUp', (host) => logger?.info({ host: host.address }, 'a node of Cassandra is back'));
  const seconds = metrics?.histogram(
    'medley_cassandra_request_seconds',
    'How long Cassandra took to answer, by kind of request and outcome',
    ['operation', 'outcome'],
  );
  const pending = new Set<Promise<unknown>>();
  let closing: Promise<void> | null = null;

  /** Each request goes through here. */
  async function ask<Answer>(operation: string, request: () => Promise<Answer>): Promise<Answer> {
    if (closing) throw new CassandraUnavailableError('closed');
    const startedAt = performance.now();
    const tell = (outcome: string) =>
      seconds?.observe({ operation, outcome }, (performance.now() - startedAt) / 1_000);
    const answer = request();
    pending.add(answer);
    try {
      const result = await answer;
      tell('ok');
      return result;
    } catch (cause) {
      const error = toUnavailable(cause);
      tell(error instanceof CassandraUnavailableError ? error.reason : 'refused');
      throw error;
    } finally {
      pending.delete(answer);
    }
  }

  async function* pages<Type>(cql: string, parameters: readonly unknown[] = [], pageSize = 1_000) {
    let pageState: string | undefined;
    do {
      const options = { fetchSize: pageSize, ...(pageState !== undefined && { pageState }) };
      const page = await ask('read', () => client.execute(cql, [...parameters], options));
      yield page.rows.map((row) => toRow(row)) as readonly Type[];
      pageState = page.pageState ?? undefined;
    } while (pageState !== undefined);
  }

  const write: Cassandra['write'] = async (cql, parameters = []) => {
    await ask('write', () => client.execute(cql, [...parameters]));
  };

  return {
    async select<Type>(cql: string, parameters?: readonly unknown[]) {
      const rows: Type[] = [];
      for await (const page of pages<Type>(cql, parameters)) rows.push(...page);
      return rows;
    },
    pages,
    write,
    async writeAll(statements) {
      const rest = statements.values();
      const writer = async () => {
        for (const { cql, parameters } of rest) await write(cql, parameters);
      };
      const ends = await Promise.allSettled(Array.from({ length: Math.min(32, statements.length) }, writer));
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed) throw failed.reason;
    },
    async writeTogether(statements) {
      if (statements.length === 0) return;
      const queries = statements.map(({ cql, parameters = [] }) => ({ query: cql, params: [...parameters] }));
      await ask('batch', () => client.batch(queries));
    },
    async writeIf<Type>(cql: string, parameters: readonly unknown[] = []) {
      const result = await ask('write_if', () =>
        client.execute(cql, [...parameters], { isIdempotent: false }),
      );
      const { '[applied]': isApplied, ...current } = toRow(result.first());
      return isApplied ? null : (current as Type);
    },
    async ping() {
      await ask('ping', () => client.execute('SELECT key FROM system.local'));
    },
    close() {
      closing ??= Promise.allSettled(pending).then(() => client.shutdown());
      return closing;
    },
  };
}
