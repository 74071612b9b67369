import { PrismaPg } from '@prisma/adapter-pg';
import { countStatements, type Database } from './database.ts';

/**
 * PostgreSQL by its URL.
 * @param poolSize connections at most
 * @param statementTimeoutMs a statement that takes longer is ended by the server
 */
export function openPostgres({
  url,
  poolSize = 10,
  statementTimeoutMs = 15_000,
}: {
  url: string;
  poolSize?: number;
  statementTimeoutMs?: number;
}): Database {
  const adapter = new PrismaPg({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: 5_000,
    statement_timeout: statementTimeoutMs,
  });
  // The pool belongs to Prisma's client, which ends it with $disconnect().
  return { ...countStatements(adapter), close: async () => {} };
}
