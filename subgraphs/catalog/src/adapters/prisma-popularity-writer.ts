import type { ArtistValues } from '../domain/catalog-writer.ts';
import { mergeClaim } from '../domain/merge-claim.ts';
import { type MeasuredPopularity, maxMeasured, type PopularityWriter } from '../domain/popularity-writer.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { artistChanged } from './outbox-rows.ts';
import { appendToOutbox } from './prisma-outbox.ts';
import { writeTrackClaims } from './writer-decisions.ts';
import { readRows, writeRows } from './writer-io.ts';
import { artistTable, genreTable, trackTable, type WriterRow } from './writer-rows.ts';
import { createWriteAlone } from './writer-transaction.ts';

export function createPrismaPopularityWriter(prisma: PrismaClient): PopularityWriter {
  const writeAlone = createWriteAlone(prisma);
  return {
    async takeMeasured(measured) {
      if (measured.length > maxMeasured)
        throw new RangeError(`at most ${maxMeasured} tracks at once, got ${measured.length}`);
      const tracks = await writeAlone((transaction) => writeTracks(transaction, measured));
      let artists = 0;
      // Apart from the tracks: a compilation names hundreds. Cut off in between it is made up for when the same is taken again.
      for (let from = 0; from < tracks.artistIds.length; from += maxMeasured) {
        const ids = tracks.artistIds.slice(from, from + maxMeasured);
        artists += await writeAlone((transaction) => writeArtists(transaction, ids));
      }
      return { tracks: tracks.changed, artists };
    },
  };
}

async function writeTracks(transaction: Prisma.TransactionClient, measured: readonly MeasuredPopularity[]) {
  // Of a track that is named twice the later word holds, as it does from one call to the next.
  const inTime = measured.toSorted((one, other) => one.measuredAt.getTime() - other.measuredAt.getTime());
  const last = new Map(inTime.map((told) => [told.trackId, told]));
  const rows = [...(await readRows(transaction, trackTable, last.keys())).values()];
  const after = await writeTrackClaims(transaction, rows, ({ id }) => {
    const { popularity, measuredAt } = last.get(id) as MeasuredPopularity;
    return { source: { precision: 'measured', date: measuredAt.getTime() }, values: { popularity } };
  });
  return {
    changed: after.filter(({ version }, index) => version !== rows[index]?.version).length,
    artistIds: [...new Set(rows.flatMap(({ values }) => values.artistIds))],
  };
}

/** @returns how many changed */
async function writeArtists(transaction: Prisma.TransactionClient, ids: readonly string[]): Promise<number> {
  const artists = await readRows(transaction, artistTable, ids);
  const popularity = await readMostPopular(transaction, ids);
  const changed = [...artists.values()].flatMap((row): WriterRow<ArtistValues>[] => {
    const merged = mergeClaim<ArtistValues>(row, {
      // It follows from the tracks as they are now: the last word holds.
      source: { precision: 'measured' },
      values: { popularity: popularity.get(row.id) },
    });
    // What is told differently from the same tracks is no reason to write.
    if (merged.values === row.values) return [];
    return [{ id: row.id, version: row.version + 1, ...merged }];
  });
  if (changed.length === 0) return 0;
  await writeRows(transaction, { ...artistTable, links: undefined }, { added: [], updated: changed });
  const genreIds = changed.flatMap(({ values }) => values.genreIds);
  const reach = {
    genres: await readRows(transaction, genreTable, genreIds),
    artists,
    albums: new Map(),
  };
  await appendToOutbox(
    transaction,
    changed.map((row) => artistChanged(row, reach)),
  );
  return changed.length;
}

/** The popularity of the most popular track of each artist, by one step through an index. */
async function readMostPopular(
  transaction: Prisma.TransactionClient,
  artistIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const found = await transaction.$queryRaw<{ id: string; popularity: number }[]>`
    SELECT artist.id::text AS id, first.popularity::int AS popularity
    FROM unnest(${artistIds}::uuid[]) AS artist(id), LATERAL (
      SELECT popularity FROM catalog.track_artists WHERE artist_id = artist.id ORDER BY popularity DESC LIMIT 1
    ) AS first`;
  return new Map(found.map(({ id, popularity }) => [id, popularity]));
}
