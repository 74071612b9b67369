import {
  type ImportOptions,
  type ImportProgress,
  importCatalog,
} from '@medley/catalog/import/import-catalog';
import { formatProblem } from '@medley/catalog/import/import-problem';
import { formatImportReport } from '@medley/catalog/import/import-report';
import { z } from 'zod';
import type { Command } from './protocol.ts';

const argumentsSchema = z.object({
  /** Absolute, because the running service may have another working folder. */
  source: z.string(),
  markets: z.union([z.literal('all'), z.array(z.string())]).nullable(),
  namespace: z.string(),
});

/** Imports a catalog. The result says how many rows were rejected, and whether it was interrupted. */
export const catalogImport: Command<{ catalogWriter: ImportOptions['writer'] }> = async (
  { catalogWriter },
  args,
  { screen, signal },
) => {
  const result = await importCatalog({
    ...argumentsSchema.parse(args),
    writer: catalogWriter,
    signal,
    onProgress: (progress) => screen.progress(formatProgress(progress)),
    onReject: (problem) => screen.line(`rejected  ${formatProblem(problem)}`),
    onWarning: (problem) => screen.line(`warning   ${formatProblem(problem)}`),
  });
  screen.line(formatImportReport(result));
  return { rejected: result.rejected, interrupted: result.interrupted };
};

/** `tracks.csv  ████████░░░░░░░░░░░░  41 %  26,112 rows  1,893 rows/s  20 s left` */
export function formatProgress(progress: ImportProgress): string {
  const done = progress.bytesTotal > 0 ? Math.min(1, progress.bytesRead / progress.bytesTotal) : 0;
  const filled = Math.round(done * barWidth);
  return [
    progress.file,
    `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`,
    `${Math.floor(done * 100)} %`,
    `${progress.rowsRead.toLocaleString('en')} rows`,
    `${Math.round(progress.rowsPerSecond).toLocaleString('en')} rows/s`,
    ...(progress.remainingMs === null ? [] : [`${Math.ceil(progress.remainingMs / 1_000)} s left`]),
  ].join('  ');
}

const barWidth = 20;
