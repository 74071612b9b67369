import { PrismaPg } from '@prisma/adapter-pg';
import { Pool } from 'pg';
import { countStatements, type Database } from './database.ts';

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
  });
  pool.on('error', onIdleError);
  return { ...countStatements(withWholeScripts(new PrismaPg(pool), pool)), close: () => pool.end() };
}

/**
 * Sends a script to the server in one piece. The adapter's own way cuts it at every semicolon, also within strings,
 * comments and the bodies of functions.
 */
function withWholeScripts(adapter: PrismaPg, pool: Pool): PrismaPg {
  const connect = adapter.connect.bind(adapter);
  adapter.connect = async () => {
    const connection = await connect();
    connection.executeScript = async (script) => {
      await pool.query(script);
    };
    return connection;
  };
  return adapter;
}
