import type { Database } from '@medley/database';
import type { Consumed } from '@medley/event-log';
import type { Event } from '@medley/events';
import { openTestDatabase } from '@medley/testing/database';
import { openPrismaClient, type PrismaClient } from '../src/adapters/prisma-client.ts';
import { openRepositories, type Repositories } from '../src/adapters/prisma-repositories.ts';
import type { GenerationId, Ledger } from '../src/domain/ledger.ts';

/** Analytics on a fresh database, ready to count. */
export interface Counting extends Repositories {
  readonly database: Database;
  readonly client: PrismaClient;
}

export async function openCounting(): Promise<Counting> {
  const database = await openTestDatabase('analytics');
  const repositories = openRepositories(database);
  const client = openPrismaClient(database);
  await repositories.generations.prepare();
  return {
    ...repositories,
    database,
    client,
    async close() {
      await client.$disconnect();
      await repositories.close();
      await database.close();
    },
  };
}

/** Events as one partition of a log has them, from an offset on. */
export const consumedOf = <Told extends Event>(
  events: readonly Told[],
  { partition = 0, from = 0 }: { partition?: number; from?: number } = {},
): Consumed<Told>[] =>
  events.map((event, index) => ({
    event,
    topic: 'test.counted.v1',
    partition,
    offset: BigInt(from + index),
    time: new Date(event.time),
  }));

/** Counts events in batches of so many. @returns the reasons for which some were refused */
export async function recordAll<Told extends Event>(
  ledger: Ledger<Consumed<Told>>,
  consumed: readonly Consumed<Told>[],
  { into = 'all', batch = 500 }: { into?: 'all' | GenerationId; batch?: number } = {},
): Promise<string[]> {
  const reasons: string[] = [];
  for (let from = 0; from < consumed.length; from += batch) {
    const refuse = (_: unknown, reason: string) => void reasons.push(reason);
    await ledger.record(consumed.slice(from, from + batch), { into, refuse });
  }
  return reasons;
}

/** All rows of a table that a generation has, as text, in order: equal only when they are the same, bit for bit. */
export async function rowsOf(
  client: PrismaClient,
  table: string,
  generation: GenerationId = 1,
): Promise<readonly string[]> {
  const rows = await client.$queryRawUnsafe<{ row: string }[]>(
    `SELECT (to_jsonb(counted) - 'generation')::text AS row FROM analytics.${table} AS counted
    WHERE generation = $1 ORDER BY 1`,
    generation,
  );
  return rows.map(({ row }) => row);
}
