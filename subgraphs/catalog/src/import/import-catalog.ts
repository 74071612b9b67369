import { countryCodes } from '@medley/countries';
import type { CatalogWriter, Tally } from '../domain/catalog-writer.ts';
import { createBatches } from './batches.ts';
import type { Reading } from './described.ts';
import { type ImportProblem, RejectedRowError } from './import-problem.ts';
import { openSource, type SourceFile } from './open-source.ts';

/** What to import; plain values, so that it can be sent to a running service. */
export interface ImportRequest {
  /** A folder with artists.csv, albums.csv and tracks.csv, or a JSON file with an array of track objects. */
  readonly source: string;
  /** Where tracks may be played of which the source does not say it; null: nowhere, until a source does. */
  readonly markets: 'all' | readonly string[] | null;
  /** Whose ids the source has. Sources with the same ids for the same things share one. */
  readonly namespace: string;
}

export interface ImportOptions extends ImportRequest {
  readonly writer: CatalogWriter;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** A row that was left out. */
  readonly onReject?: (problem: ImportProblem) => void;
  /** A row that went in, but not as it stands in the source. */
  readonly onWarning?: (problem: ImportProblem) => void;
  /** Ends the import after the batch at hand. */
  readonly signal?: AbortSignal;
}

export interface ImportProgress {
  readonly file: string;
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly rowsPerSecond: number;
  /** Null as long as it cannot be told. */
  readonly remainingMs: number | null;
}

export interface ImportResult {
  readonly rowsRead: number;
  /** Rows that were left out. An import with such rows did not fail, but it is not complete either. */
  readonly rejected: number;
  /** Warnings about rows that went in. */
  readonly warnings: number;
  /** Tracks of the source that may be played nowhere, since no source says where. */
  readonly unplayable: number;
  /** Tracks of the source that were deleted here, and stay so. */
  readonly deleted: number;
  readonly artists: Tally;
  readonly albums: Tally;
  readonly tracks: Tally;
  /** Ended by its signal: run again, and the rest goes in. */
  readonly interrupted: boolean;
  readonly durationMs: number;
}

/**
 * Reads a source row by row and merges it into the catalog in batches; memory does not grow with the source. Since
 * merging the same again changes nothing, an import that was cut off anywhere is completed by running it again.
 * @throws UnusableSourceError before anything is written, when the source is not what it should be
 */
export async function importCatalog(options: ImportOptions): Promise<ImportResult> {
  const { source, writer, namespace, onProgress, onReject, onWarning, signal } = options;
  const markets = options.markets === 'all' ? countryCodes : options.markets && [...options.markets].sort();
  const reading: Reading = { namespace, markets };
  const startedAt = performance.now();
  const files = await openSource(source);
  const bytesTotal = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let bytesOfEarlierFiles = 0;
  let rowsRead = 0;
  let rejected = 0;
  let warnings = 0;
  const warn = (problem: ImportProblem) => {
    warnings += 1;
    onWarning?.(problem);
  };
  const reject = (problem: ImportProblem) => {
    rejected += 1;
    onReject?.(problem);
  };
  const batches = createBatches(writer, warn);
  const report = (file: SourceFile, bytesOfFile: number) => {
    const bytesRead = bytesOfEarlierFiles + bytesOfFile;
    const elapsedMs = performance.now() - startedAt;
    onProgress?.({
      file: file.name,
      rowsRead,
      bytesRead,
      bytesTotal,
      rowsPerSecond: (rowsRead * 1_000) / Math.max(elapsedMs, 1),
      remainingMs: bytesRead > 0 ? (elapsedMs * (bytesTotal - bytesRead)) / bytesRead : null,
    });
  };

  for (const file of files) {
    batches.begin({ precision: file.precision, date: file.modifiedAt });
    for await (const row of file.rows()) {
      if (signal?.aborted) break;
      rowsRead += 1;
      const place = { file: file.name, line: row.line, ...('item' in row && { item: row.item }) };
      try {
        const described = row.read(reading);
        for (const reason of described.warnings) warn({ ...place, reason });
        if (await batches.add(described, place)) report(file, row.bytesRead);
      } catch (error) {
        if (!(error instanceof RejectedRowError)) throw error;
        reject({ ...place, reason: error.message });
      }
    }
    if (signal?.aborted) break;
    await batches.flush();
    report(file, file.bytes);
    bytesOfEarlierFiles += file.bytes;
  }
  return {
    rowsRead,
    rejected,
    warnings,
    ...batches.totals(),
    interrupted: signal?.aborted ?? false,
    durationMs: Math.round(performance.now() - startedAt),
  };
}
