import { encodeId } from '@medley/ids';
import {
  type CatalogBatch,
  type CatalogWriter,
  maxBatchRecords,
  type TrackValues,
} from '../domain/catalog-writer.ts';
import { mergeClaim } from '../domain/merge-claim.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { trackChanged, trackDeleted } from './outbox-rows.ts';
import { appendToOutbox, lockOutbox } from './prisma-outbox.ts';
import { loadReach, readRows, writeRows } from './writer-io.ts';
import { trackTable, type WriterRow } from './writer-rows.ts';
import { upsertBatch } from './writer-upsert.ts';

/** Writes the catalog with set-based SQL: the number of statements does not grow with the batch. */
export function createPrismaCatalogWriter(prisma: PrismaClient): CatalogWriter {
  // One writer at a time, so what is read and merged here is still so when it is written.
  const alone = <Result>(work: (transaction: Prisma.TransactionClient) => Promise<Result>): Promise<Result> =>
    prisma.$transaction(
      async (transaction) => {
        await lockOutbox(transaction);
        return work(transaction);
      },
      { maxWait: 60_000, timeout: 60_000 },
    );

  const decide = (id: string, values: Partial<TrackValues>) =>
    alone(async (transaction) => {
      const row = await findTrack(transaction, id);
      if (!row) return false;
      const merged = mergeClaim(row, { source: { precision: 'decided' }, values });
      if (merged === row) return true;
      const changed = merged.values !== row.values;
      const next = { id, version: row.version + (changed ? 1 : 0), ...merged };
      await writeRows(transaction, trackTable, { added: [], updated: [next] });
      if (changed)
        await appendToOutbox(transaction, [trackChanged(next, await loadReach(transaction, [next]))]);
      return true;
    });

  return {
    upsert: async (batch) => {
      const records = countRecords(batch);
      if (records > maxBatchRecords)
        throw new RangeError(`a batch has at most ${maxBatchRecords} records, got ${records}`);
      return alone((transaction) => upsertBatch(transaction, batch));
    },
    withdrawTrack: (id, at) => decide(id, { withdrawnAt: at.toISOString() }),
    setMarkets: (id, markets) => decide(id, { availableMarkets: [...new Set(markets)].sort() }),
    deleteTrack: (id) =>
      alone(async (transaction) => {
        const row = await findTrack(transaction, id);
        if (!row) return false;
        const version = row.version + 1;
        await transaction.track.delete({ where: { id } });
        await transaction.tombstone.create({ data: { key: encodeId('track', id), version } });
        await appendToOutbox(transaction, [trackDeleted({ ...row, version })]);
        return true;
      }),
  };
}

async function findTrack(
  transaction: Prisma.TransactionClient,
  id: string,
): Promise<WriterRow<TrackValues> | undefined> {
  return (await readRows(transaction, trackTable, [id])).get(id);
}

function countRecords({ genres = [], artists = [], albums = [], tracks = [] }: CatalogBatch): number {
  return genres.length + artists.length + albums.length + tracks.length;
}
