import { encodeId } from '@medley/ids';
import {
  type CatalogBatch,
  type CatalogWriter,
  maxBatchRecords,
  type TrackValues,
} from '../domain/catalog-writer.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import type { FakeClock } from './licence-clock.ts';
import { trackDeleted } from './outbox-rows.ts';
import { appendToOutbox } from './prisma-outbox.ts';
import { createPrismaTrackDecisions } from './prisma-track-decisions.ts';
import { readRows } from './writer-io.ts';
import { trackTable, type WriterRow } from './writer-rows.ts';
import { createWriteAlone } from './writer-transaction.ts';
import { upsertBatch } from './writer-upsert.ts';

/** Writes the catalog with set-based SQL: the number of statements does not grow with the batch. */
export function createPrismaCatalogWriter(prisma: PrismaClient, clock?: FakeClock): CatalogWriter {
  const writeAlone = createWriteAlone(prisma);
  return {
    upsert: async (batch) => {
      const records = countRecords(batch);
      if (records > maxBatchRecords)
        throw new RangeError(`a batch has at most ${maxBatchRecords} records, got ${records}`);
      return writeAlone((transaction) => upsertBatch(transaction, batch));
    },
    ...createPrismaTrackDecisions(writeAlone, clock),
    deleteTrack: (id) =>
      writeAlone(async (transaction) => {
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

function countRecords({ genres, artists, albums, tracks, audioFeatures }: CatalogBatch): number {
  return [genres, artists, albums, tracks, audioFeatures].reduce(
    (records, some) => records + (some?.length ?? 0),
    0,
  );
}
