import { randomUUID } from 'node:crypto';
import { openEmbedded, openPostgres, type TryHold } from '@medley/database';
import type { SqlWriter } from '@medley/outbox';
import { Client, Pool } from 'pg';
import { openEmptyPglite } from './test-image.ts';

/** A database for a suite, with what several connections at once can do where there are several. */
export interface ScratchDatabase {
  /** Every statement is a transaction of its own. */
  readonly sql: SqlWriter;
  /** Begins a transaction on a connection of its own; null on a server that has but one. */
  begin(): Promise<OpenTransaction | null>;
  readonly tryHold: TryHold;
  /** Of its own; null on a PGlite. */
  readonly url: string | null;
  close(): Promise<void>;
}

/** Ending it again does nothing. */
export interface OpenTransaction extends SqlWriter {
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

type Query = (sql: string, parameters: unknown[]) => Promise<{ rows: unknown[] }>;

/** The servers to test on: PGlite, and PostgreSQL where `TEST_POSTGRES_URL` names one. */
export const scratchDatabases: [string, () => Promise<ScratchDatabase>][] = [['PGlite', openOnPglite]];
const serverUrl = process.env.TEST_POSTGRES_URL;
if (serverUrl) scratchDatabases.push(['PostgreSQL', () => openOnPostgres(serverUrl)]);

async function openOnPglite(): Promise<ScratchDatabase> {
  const pglite = await openEmptyPglite();
  return {
    sql: toSql((sql, parameters) => pglite.query(sql, parameters)),
    begin: async () => null,
    tryHold: openEmbedded(pglite).tryHold,
    url: null,
    close: () => pglite.close(),
  };
}

async function openOnPostgres(url: string): Promise<ScratchDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const onServer = async (statement: string) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await onServer(`CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  const pool = new Pool({ connectionString: own.href });
  // Dropping the database may be faster than their end.
  pool.on('error', () => {});
  const holds = openPostgres({ url: own.href });
  return {
    tryHold: holds.tryHold,
    url: own.href,
    sql: toSql((sql, parameters) => pool.query(sql, parameters)),
    async begin() {
      const client = await pool.connect();
      await client.query('BEGIN');
      let isOpen = true;
      const end = (statement: string) => async () => {
        if (isOpen) await client.query(statement).finally(() => client.release());
        isOpen = false;
      };
      return {
        ...toSql((sql, parameters) => client.query(sql, parameters)),
        commit: end('COMMIT'),
        rollback: end('ROLLBACK'),
      };
    },
    async close() {
      await holds.close();
      await pool.end();
      await onServer(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

export const toSql = (query: Query): SqlWriter => ({
  $queryRawUnsafe: async <Rows>(sql: string, ...parameters: unknown[]) =>
    (await query(sql, parameters)).rows as Rows,
  $executeRawUnsafe: async (sql, ...parameters) => (await query(sql, parameters)).rows.length,
});
