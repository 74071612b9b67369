import { type ImportOptions, importPlaylists } from '@medley/playlists/import/import-playlists';
import { formatProblem } from '@medley/playlists/import/import-problem';
import { formatImportProgress, formatImportReport } from '@medley/playlists/import/import-report';
import { z } from 'zod';
import type { Command } from './protocol.ts';

const argumentsSchema = z.object({
  /** Absolute, because the running service may have another working folder. */
  source: z.string(),
  owner: z.string(),
  namespace: z.string(),
});

/** Imports playlists. The result says how many rows were rejected, and whether it was interrupted. */
export const playlistsImport: Command<{ playlistWriter: ImportOptions['writer'] }> = async (
  { playlistWriter },
  args,
  { screen, signal },
) => {
  const result = await importPlaylists({
    ...argumentsSchema.parse(args),
    writer: playlistWriter,
    signal,
    onProgress: (progress) => screen.progress(formatImportProgress(progress)),
    onReject: (problem) => screen.line(`rejected  ${formatProblem(problem)}`),
    onWarning: (problem) => screen.line(`warning   ${formatProblem(problem)}`),
  });
  screen.line(formatImportReport(result));
  return { rejected: result.rejected, interrupted: result.interrupted };
};
