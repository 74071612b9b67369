import type { TrackValues } from '../domain/catalog-writer.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { RowsInReach } from './outbox-rows.ts';
import { albumTable, artistTable, genreTable, type WriterRow, type WriterTable } from './writer-rows.ts';

/** The rows with these UUIDs, by UUID; absent where there is none. One statement, or none without ids. */
export async function readRows<Values>(
  transaction: Prisma.TransactionClient,
  table: WriterTable<Values>,
  ids: Iterable<string>,
): Promise<Map<string, WriterRow<Values>>> {
  const unique = [...new Set(ids)];
  if (unique.length === 0) return new Map();
  const found = await transaction.$queryRawUnsafe<{ row: WriterRow<Values> }[]>(
    table.read,
    JSON.stringify(unique),
  );
  const unpack = table.packing?.unpack();
  return new Map(found.map(({ row }) => [row.id, unpack ? { ...row, values: unpack(row.values) } : row]));
}

/** Rows to write, as they will be. */
export interface RowsToWrite<Values> {
  readonly added: readonly WriterRow<Values>[];
  readonly updated: readonly WriterRow<Values>[];
}

/** Writes rows with their links. */
export async function writeRows<Values>(
  transaction: Prisma.TransactionClient,
  { write, links, packing }: WriterTable<Values>,
  { added, updated }: RowsToWrite<Values>,
): Promise<void> {
  const rows = [...added, ...updated];
  if (rows.length === 0) return;
  const packed = packing ? rows.map((row) => ({ ...row, values: packing.pack(row.values) })) : rows;
  await transaction.$executeRawUnsafe(write, JSON.stringify(packed));
  if (!links) return;
  if (updated.length > 0)
    await transaction.$executeRawUnsafe(links.remove, JSON.stringify(updated.map(({ id }) => id)));
  const linked = rows.map(({ id, values }) => ({ id, ids: links.of(values) }));
  if (linked.some(({ ids }) => ids.length > 0))
    await transaction.$executeRawUnsafe(links.add, JSON.stringify(linked));
}

/** What events about these tracks name: their albums, artists and the artists' genres. */
export async function loadReach(
  transaction: Prisma.TransactionClient,
  tracks: readonly WriterRow<TrackValues>[],
): Promise<RowsInReach> {
  const albums = await readRows(
    transaction,
    albumTable,
    tracks.flatMap(({ values }) => values.albumId ?? []),
  );
  const artists = await readRows(
    transaction,
    artistTable,
    tracks.flatMap(({ values }) => values.artistIds),
  );
  const genres = await readRows(
    transaction,
    genreTable,
    [...artists.values()].flatMap(({ values }) => values.genreIds),
  );
  return { albums, artists, genres };
}
