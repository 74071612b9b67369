import { encodeId } from '@medley/ids';
import type {
  CatalogBatch,
  CatalogRecord,
  GenreValues,
  TrackValues,
  UnresolvedReference,
  UpsertResult,
} from '../domain/catalog-writer.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { albumChanged, artistChanged, genreChanged, trackChanged } from './outbox-rows.ts';
import { appendToOutbox } from './prisma-outbox.ts';
import { placeGenres } from './writer-genres.ts';
import { writeRows } from './writer-io.ts';
import { type MergedRows, mergeRows } from './writer-merge.ts';
import { albumTable, artistTable, genreTable, trackTable, type WriterRow } from './writer-rows.ts';

/**
 * Reads what a batch names and refers to, merges in memory, writes what became different: what is referred to before
 * what refers to it.
 */
export async function upsertBatch(
  transaction: Prisma.TransactionClient,
  batch: CatalogBatch,
): Promise<UpsertResult> {
  const { source } = batch;
  const measured = await findDescribed(transaction, batch);
  const deleted = await findDeleted(transaction, batch.tracks ?? []);
  const records = [...(batch.tracks ?? []), ...measured.described].filter(({ id }) => !deleted.has(id));

  const tracks = await mergeRows(transaction, trackTable, source, records, []);
  requireTitleAndDuration(tracks.named);
  const albumIds = tracks.named.flatMap(({ values }) => values.albumId ?? []);
  const albums = await mergeRows(transaction, albumTable, source, batch.albums ?? [], albumIds);
  const artistIds = [...tracks.named, ...albums.named].flatMap(({ values }) => values.artistIds);
  const artists = await mergeRows(transaction, artistTable, source, batch.artists ?? [], artistIds);
  const genreIds = [...artists.byId.values()].flatMap(({ values }) => values.genreIds);
  const genres = await placeGenres(
    transaction,
    await mergeRows<GenreValues>(transaction, genreTable, source, batch.genres ?? [], genreIds),
  );

  await writeRows(transaction, genreTable, genres.different);
  await writeRows(transaction, artistTable, artists.different);
  await writeRows(transaction, albumTable, albums.different);
  await writeRows(transaction, trackTable, tracks.different);

  const reach = { genres: genres.byId, artists: artists.byId, albums: albums.byId };
  await appendToOutbox(transaction, [
    ...genres.changed.map(genreChanged),
    ...artists.changed.map((row) => artistChanged(row, reach)),
    ...albums.changed.map((row) => albumChanged(row, reach)),
    ...tracks.changed.map((row) => trackChanged(row, reach, tracks.before.get(row.id))),
  ]);

  return {
    genres: genres.tally,
    artists: artists.tally,
    albums: albums.tally,
    tracks: tracks.tally,
    unresolved: [
      ...unresolved('album', tracks, ({ albumId }) => (albumId ? [albumId] : []), albums),
      ...unresolved('artist', tracks, (values) => values.artistIds, artists),
      ...unresolved('artist', albums, (values) => values.artistIds, artists),
      ...unresolved('genre', artists, (values) => values.genreIds, genres),
    ],
    unplayableTrackIds: tracks.named
      .filter(({ provenance }) => !Object.values(provenance).flat().includes('availableMarkets'))
      .map(({ id }) => id),
    deletedTrackIds: [...deleted],
    unknownTrackIds: measured.unknown,
  };
}

/** Audio features say something of a track, and do not describe it. */
async function findDescribed(
  transaction: Prisma.TransactionClient,
  { tracks = [], audioFeatures = [] }: CatalogBatch,
): Promise<{ described: readonly CatalogRecord<TrackValues>[]; unknown: readonly string[] }> {
  if (audioFeatures.length === 0) return { described: [], unknown: [] };
  const described = new Set(tracks.map(({ id }) => id));
  const ids = audioFeatures.map(({ id }) => id).filter((id) => !described.has(id));
  const found = await transaction.$queryRaw<{ id: string }[]>`
    SELECT id FROM catalog.tracks
    WHERE id = ANY(ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid))`;
  for (const { id } of found) described.add(id);
  return {
    described: audioFeatures.filter(({ id }) => described.has(id)),
    unknown: [...new Set(ids.filter((id) => !described.has(id)))],
  };
}

async function findDeleted(
  transaction: Prisma.TransactionClient,
  tracks: readonly CatalogRecord<TrackValues>[],
): Promise<ReadonlySet<string>> {
  if (tracks.length === 0) return new Set();
  const idsByKey = new Map(tracks.map(({ id }) => [encodeId('track', id), id]));
  const found = await transaction.$queryRaw<{ key: string }[]>`
    SELECT key FROM catalog.tombstones
    WHERE key = ANY(ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify([...idsByKey.keys()])}::jsonb)))`;
  return new Set(found.map(({ key }) => idsByKey.get(key) as string));
}

function requireTitleAndDuration(tracks: readonly WriterRow<TrackValues>[]): void {
  for (const { id, provenance } of tracks) {
    const carried = Object.values(provenance).flat();
    for (const field of ['title', 'durationMs']) {
      if (!carried.includes(field) || provenance.assumed?.includes(field))
        throw new TypeError(`a new track has a title and a duration, ${id} has no ${field}`);
    }
  }
}

function unresolved<Values>(
  kind: UnresolvedReference['kind'],
  from: MergedRows<Values>,
  references: (values: Values) => readonly string[],
  to: { readonly standIns: ReadonlySet<string> },
): UnresolvedReference[] {
  if (to.standIns.size === 0) return [];
  return from.named.flatMap((row) =>
    references(row.values)
      .filter((id) => to.standIns.has(id))
      .map((id) => ({ from: row.id, kind, to: id })),
  );
}
