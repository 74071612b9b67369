import type { CatalogChange, CatalogChangeType, ChangeLog } from '../domain/change-log.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import type { OutboxRow } from './outbox-rows.ts';

/**
 * Takes the lock that puts the outbox in the order of commits: every transaction that appends holds it from before it
 * reads what it changes until it ends, so a lower id is never committed after a higher one.
 */
export async function lockOutbox(transaction: Prisma.TransactionClient): Promise<void> {
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('catalog.outbox'))`;
}

/** Appends in the order given. The transaction holds `lockOutbox`. */
export async function appendToOutbox(
  transaction: Prisma.TransactionClient,
  rows: readonly OutboxRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await transaction.$executeRaw`
    INSERT INTO catalog.outbox (key, type, version, data)
    SELECT r->>'key', r->>'type', (r->>'version')::int, r->'data'
    FROM jsonb_array_elements(${JSON.stringify(rows)}::jsonb) WITH ORDINALITY AS rows(r, place)
    ORDER BY place`;
}

/** Reads the outbox. */
export function createPrismaChangeLog(prisma: PrismaClient): ChangeLog {
  return {
    async changesSince(after, limit) {
      if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
        throw new RangeError(`limit must be 1..1000, got ${limit}`);
      const rows = await prisma.outbox.findMany({
        where: { id: { gt: after } },
        orderBy: { id: 'asc' },
        take: limit,
      });
      return rows.map(({ id, key, type, version, createdAt, data }) => ({
        id,
        key,
        type: type as CatalogChangeType,
        version,
        time: createdAt,
        data: data as CatalogChange['data'],
      }));
    },
  };
}
