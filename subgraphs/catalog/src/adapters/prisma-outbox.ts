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
  // A worldwide track names 250 markets, and few sets of them are different: each goes over once.
  const places = new Map<string, number>();
  const packed = rows.map(({ data, ...row }) => {
    const { availableMarkets, ...rest } = data;
    if (!availableMarkets) return { ...row, data };
    const markets = JSON.stringify({ availableMarkets });
    const place = places.get(markets) ?? places.size;
    places.set(markets, place);
    return { ...row, data: rest, markets: place };
  });
  await transaction.$executeRaw`
    WITH sets AS MATERIALIZED (
      SELECT place - 1 AS place, markets
      FROM jsonb_array_elements(${`[${[...places.keys()].join(',')}]`}::jsonb) WITH ORDINALITY AS s(markets, place)
    )
    INSERT INTO catalog.outbox (key, type, version, data)
    SELECT r.key, r.type, r.version, r.data || coalesce(sets.markets, '{}'::jsonb)
    FROM ROWS FROM (
      jsonb_to_recordset(${JSON.stringify(packed)}::jsonb)
        AS (key text, type text, version int, data jsonb, markets int)
    ) WITH ORDINALITY AS r(key, type, version, data, markets, place)
    LEFT JOIN sets ON sets.place = r.markets
    ORDER BY r.place`;
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
    async lastId() {
      const last = await prisma.outbox.findFirst({ orderBy: { id: 'desc' }, select: { id: true } });
      return last?.id ?? 0n;
    },
  };
}
