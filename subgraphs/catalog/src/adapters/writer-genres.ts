import type { GenreValues } from '../domain/catalog-writer.ts';
import { taxonomySlugs, widerGenres } from '../domain/genre-taxonomy.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { readRows } from './writer-io.ts';
import type { MergedRows } from './writer-merge.ts';
import { genreTable, type WriterRow } from './writer-rows.ts';

/**
 * Puts each genre under the nearest wider one that there is, those too that were there before: a genre may come later than its narrower
 * ones. Since the taxonomy is a tree, there are no circles.
 */
export async function placeGenres(
  transaction: Prisma.TransactionClient,
  merged: MergedRows<GenreValues>,
): Promise<MergedRows<GenreValues>> {
  if (merged.named.length === 0) return merged;
  const placed = await transaction.$queryRaw<{ id: string }[]>`
    SELECT id FROM catalog.genres WHERE slug = ANY (${taxonomySlugs}::text[])`;
  const byId = new Map([
    ...(await readRows(
      transaction,
      genreTable,
      placed.map(({ id }) => id),
    )),
    ...merged.byId,
  ]);
  const idBySlug = new Map([...byId.values()].map(({ id, values }) => [values.slug, id]));
  const changedBefore = new Set(merged.changed.map(({ id }) => id));
  const moved = new Map<string, WriterRow<GenreValues>>();
  for (const row of byId.values()) {
    const wider = widerGenres(row.values.slug).find((slug) => idBySlug.has(slug));
    const parentId = wider === undefined ? null : (idBySlug.get(wider) as string);
    if (parentId === row.values.parentId) continue;
    const version = row.version + (changedBefore.has(row.id) ? 0 : 1);
    moved.set(row.id, { ...row, version, values: { ...row.values, parentId } });
  }
  if (moved.size === 0) return merged;

  const asMoved = (rows: readonly WriterRow<GenreValues>[]) => rows.map((row) => moved.get(row.id) ?? row);
  const added = asMoved(merged.different.added);
  const addedIds = new Set(added.map(({ id }) => id));
  const movedUpdates = [...moved.values()].filter(({ id }) => !addedIds.has(id));
  const updated = merged.different.updated.filter(({ id }) => !moved.has(id));
  const changedNow = [...moved.values()].filter(({ id }) => !changedBefore.has(id));
  return {
    ...merged,
    byId: new Map([...byId, ...moved]),
    named: asMoved(merged.named),
    different: { added, updated: [...updated, ...movedUpdates] },
    changed: [...asMoved(merged.changed), ...changedNow],
    tally: {
      ...merged.tally,
      changed: merged.tally.changed + changedNow.length,
      unchanged:
        merged.tally.unchanged -
        merged.named.filter(({ id }) => changedNow.some((row) => row.id === id)).length,
    },
  };
}
