import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { acknowledgedFile, type Setting } from './setting.ts';

/** What was promised, and what came of it. */
export interface FaultFindings {
  /** Plays that were acknowledged. */
  readonly acknowledged: number;
  /** Of these, how many did not count. */
  readonly lost: number;
  /** Plays, acknowledged or not, that counted more than once. */
  readonly double: number;
  /** Changes of accounts that were committed. */
  readonly committed: number;
  /** Of these, how many were not heard of. */
  readonly untold: number;
  /** Changes that had their effect more than once. */
  readonly toldTwice: number;
}

/** Compares what was acknowledged and committed with the effects. */
export async function checkEffects({ usersUrl, countsUrl, folders }: Checked): Promise<FaultFindings> {
  const acknowledged = folders.flatMap((folder) =>
    readFileSync(acknowledgedFile(folder), 'utf8').split('\n').filter(isUuid),
  );
  const effects = await query<{ event_id: string; times: string; key: string; version: number | null }>(
    countsUrl,
    'SELECT event_id::text, count(*) AS times, min(key) AS key, min(version) AS version FROM counts.effects GROUP BY event_id',
  );
  const plays = effects.filter(({ version }) => version === null);
  const counted = new Set(plays.map(({ event_id }) => event_id));
  const changes = effects.filter(({ version }) => version !== null);
  const told = new Set(changes.map(({ key, version }) => `${key} ${version}`));
  const outbox = await query<{ key: string; version: number }>(
    usersUrl,
    'SELECT key, version FROM users.outbox',
  );
  return {
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((id) => !counted.has(id)).length,
    double: plays.filter(({ times }) => Number(times) > 1).length,
    committed: outbox.length,
    untold: outbox.filter(({ key, version }) => !told.has(`${key} ${version}`)).length,
    toldTwice: changes.filter(({ times }) => Number(times) > 1).length,
  };
}

export interface Checked extends Pick<Setting, 'usersUrl' | 'countsUrl'> {
  /** Of the reporters. */
  readonly folders: readonly string[];
}

/** How many effects there are now. */
export async function countEffects(countsUrl: string): Promise<number> {
  const [row] = await query<{ effects: number }>(
    countsUrl,
    'SELECT count(*)::int AS effects FROM counts.effects',
  );
  return row?.effects ?? 0;
}

// A reporter that is killed in the middle of a line leaves half of an id, of a play that its client sends again.
const isUuid = (line: string) => /^[0-9a-f-]{36}$/.test(line);

async function query<Row>(connectionString: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}
