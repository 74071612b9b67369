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
  return new Map(found.map(({ row }) => [row.id, row]));
}

/** Writes rows as they are given, with their links. */
export async function writeRows<Values>(
  transaction: Prisma.TransactionClient,
  table: WriterTable<Values>,
  rows: readonly WriterRow<Values>[],
): Promise<void> {
  if (rows.length === 0) return;
  const parameter = JSON.stringify(rows);
  await transaction.$executeRawUnsafe(table.write, parameter);
  for (const statement of table.links) await transaction.$executeRawUnsafe(statement, parameter);
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
