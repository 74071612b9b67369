import { PrismaPg } from '@prisma/adapter-pg';
import { Pool } from 'pg';
import { countStatements, type Database, withWholeScripts } from './database.ts';
import { createPostgresHolds } from './postgres-hold.ts';

/**
 * PostgreSQL by its URL.
 * @param poolSize connections at most
 * @param statementTimeoutMs a statement that takes longer is ended by the server
 * @param onIdleError is told when a connection breaks that nobody was using; the pool opens another
 */
export function openPostgres({
  url,
  poolSize = 10,
  statementTimeoutMs = 15_000,
  onIdleError = () => {},
}: {
  url: string;
  poolSize?: number;
  statementTimeoutMs?: number;
  onIdleError?: (error: Error) => void;
}): Database {
  const pool = new Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: 5_000,
    statement_timeout: statementTimeoutMs,
    // Compiling a statement costs half a second, which pays for reports and not for pages: the server decides by a guess of
    // the cost, and a page that is guessed too dear would take ten times as long.
    options: '-c jit=off',
  });
  pool.on('error', onIdleError);
  const adapter = withWholeScripts(new PrismaPg(pool), (script) => pool.query(script));
  const holds = createPostgresHolds({ url });
  return {
    ...countStatements(adapter),
    tryHold: holds.tryHold,
    async close() {
      await holds.close();
      await pool.end();
    },
  };
}
