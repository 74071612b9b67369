import { formatWarmProgress, formatWarmReport, type Warming } from '@medley/edge';
import { audioQualities } from '@medley/signed-url';
import { z } from 'zod';
import type { Command } from './protocol.ts';

export interface CdnWarmDependencies {
  readonly warming: Warming;
}

const argumentsSchema = z.object({
  /** So many of the most played tracks, instead of a share of all. */
  tracks: z.int().min(1).max(10_000_000).optional(),
  qualities: z.array(z.enum(audioQualities)).min(1).optional(),
  /** What the origin may be asked for. */
  budgetBytes: z.int().min(0).optional(),
});

/** Fills the caches of the edge with what is played most. The result says what was fetched, and for how many bytes. */
export const cdnWarm: Command<CdnWarmDependencies> = async ({ warming }, args, { screen, signal }) => {
  const { tracks, qualities, budgetBytes } = argumentsSchema.parse(args);
  const terms = {
    ...(tracks !== undefined && { share: 0, minTracks: tracks }),
    ...(qualities && { qualities }),
    ...(budgetBytes !== undefined && { budgetBytes }),
  };
  let shownAt = Number.NEGATIVE_INFINITY;
  const report = await warming.run({
    signal,
    terms,
    onProgress(progress) {
      // Thousands of slices a second may be warm already.
      if (performance.now() - shownAt < 100) return;
      shownAt = performance.now();
      screen.progress(formatWarmProgress(progress));
    },
  });
  for (const line of formatWarmReport(report).split('\n')) screen.line(line);
  return report;
};
