import { type CatalogBatch, type CatalogWriter, maxBatchRecords } from '../domain/catalog-writer.ts';
import type { Source } from '../domain/provenance.ts';
import { createSampleCatalog } from './sample-catalog.ts';

// The date only has to be the same each time, so that loading again changes nothing.
const source: Source = { precision: 'described', date: Date.UTC(2026, 10, 1) };

/**
 * Writes the sample catalog. Loading it again changes nothing; loading it after it was cut off completes it.
 * @param onProgress how many of the rows are written
 */
export async function loadSampleCatalog(
  writer: CatalogWriter,
  onProgress?: (progress: { rowsWritten: number; rowsTotal: number }) => void,
): Promise<{ artists: number; albums: number; tracks: number }> {
  const { genres, artists, albums, tracks } = createSampleCatalog();
  // What is referred to goes before what refers to it.
  const batches: Omit<CatalogBatch, 'source'>[] = [
    { genres },
    ...chunks(artists).map((part) => ({ artists: part })),
    ...chunks(albums).map((part) => ({ albums: part })),
    ...chunks(tracks).map((part) => ({ tracks: part })),
  ];
  const rowsTotal = genres.length + artists.length + albums.length + tracks.length;
  let rowsWritten = 0;
  for (const batch of batches) {
    await writer.upsert({ source, ...batch });
    for (const records of Object.values(batch)) rowsWritten += records.length;
    onProgress?.({ rowsWritten, rowsTotal });
  }
  return { artists: artists.length, albums: albums.length, tracks: tracks.length };
}

function chunks<Item>(items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / maxBatchRecords);
  return Array.from({ length: count }, (_, at) =>
    items.slice(at * maxBatchRecords, (at + 1) * maxBatchRecords),
  );
}
