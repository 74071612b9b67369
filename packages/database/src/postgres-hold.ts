import { Client } from 'pg';
import type { TryHold } from './hold.ts';

/**
 * Holds by advisory locks of the server. Each is kept by a connection of its own: the server takes it back when that ends, also by
 * the death of this process. It has to be a connection to the server itself, or to a pooler that keeps sessions.
 * @param pingMs how often a connection is tried; one that says nothing for as long is lost
 */
export function createPostgresHolds({ url, pingMs = 5_000 }: { url: string; pingMs?: number }): {
  tryHold: TryHold;
  close(): Promise<void>;
} {
  const held = new Set<() => Promise<void>>();

  const tryHold: TryHold = async (name) => {
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: 5_000,
      query_timeout: pingMs,
      // Of a machine that is gone without a word the server hears nothing else.
      options: '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3',
    });
    const losing = new AbortController();
    const lose = () => losing.abort();
    client.on('error', lose);
    client.on('end', lose);
    const end = () => client.end().catch(() => {});
    try {
      await client.connect();
      const { rows } = await client.query<{ held: boolean }>(
        'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held',
        [`hold ${name}`],
      );
      if (!rows[0]?.held) {
        await end();
        return null;
      }
    } catch (error) {
      await end();
      throw error;
    }
    const ping = setInterval(() => client.query('SELECT').catch(lose), pingMs);
    ping.unref();
    const release = async () => {
      clearInterval(ping);
      held.delete(release);
      await end();
    };
    losing.signal.addEventListener('abort', () => void release());
    held.add(release);
    return { lost: losing.signal, release };
  };

  return {
    tryHold,
    async close() {
      await Promise.all([...held].map((release) => release()));
    },
  };
}
