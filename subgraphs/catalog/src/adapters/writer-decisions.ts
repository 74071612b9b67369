import type { TrackValues } from '../domain/catalog-writer.ts';
import { type Claim, mergeClaim } from '../domain/merge-claim.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { trackChanged } from './outbox-rows.ts';
import { appendToOutbox } from './prisma-outbox.ts';
import { loadReach, writeRows } from './writer-io.ts';
import { trackTable, type WriterRow } from './writer-rows.ts';

/** What is decided about a track: `undefined` stays as it is. Credits are not among it. */
export type DecidedValues = Partial<Omit<TrackValues, 'artistIds'>>;

/** Writes what was decided about tracks, as `writeTrackClaims`. */
export const writeDecisions = (
  transaction: Prisma.TransactionClient,
  rows: readonly WriterRow<TrackValues>[],
  decide: (row: WriterRow<TrackValues>) => DecidedValues,
): Promise<readonly WriterRow<TrackValues>[]> =>
  writeTrackClaims(transaction, rows, (row) => ({ source: { precision: 'decided' }, values: decide(row) }));

/**
 * Merges what is said about tracks, and writes those that become different with their events. The transaction holds the lock.
 * @returns the rows as they are then, in their order; the same object where nothing is different
 */
export async function writeTrackClaims(
  transaction: Prisma.TransactionClient,
  rows: readonly WriterRow<TrackValues>[],
  claimOf: (row: WriterRow<TrackValues>) => Claim<Omit<TrackValues, 'artistIds'>>,
): Promise<readonly WriterRow<TrackValues>[]> {
  const after = rows.map((row) => {
    const merged = mergeClaim<TrackValues>(row, claimOf(row));
    if (merged === row) return row;
    return { id: row.id, version: row.version + (merged.values === row.values ? 0 : 1), ...merged };
  });
  const different = after.filter((row, index) => row !== rows[index]);
  const changed = after.filter(({ version }, index) => version !== rows[index]?.version);
  await writeRows(transaction, withoutLinks, { added: [], updated: different });
  if (changed.length > 0) {
    const reach = await loadReach(transaction, changed);
    await appendToOutbox(
      transaction,
      changed.map((row) => trackChanged(row, reach)),
    );
  }
  return after;
}

const withoutLinks = { ...trackTable, links: undefined };
