import type { Warming, WarmReport } from '@medley/edge';
import { expect, it } from 'vitest';
import { cdnWarm } from '../../src/control/cdn-warm.ts';

const report: WarmReport = {
  tracks: 3,
  ofTracks: 3,
  hits: 4,
  fetched: 11,
  originBytes: 5_200_000,
  failed: 0,
  ended: 'done',
  lastFailure: null,
  durationMs: 2_340,
};

async function run(args: object) {
  const given: object[] = [];
  const warming: Warming = {
    async run({ terms = {}, onProgress }) {
      given.push(terms);
      onProgress?.({ ...report, tracks: 1 });
      onProgress?.({ ...report, tracks: 2 });
      return report;
    },
  };
  const shown: string[] = [];
  const screen = {
    progress: (text: string) => void shown.push(`~${text}`),
    line: (text: string) => void shown.push(text),
  };
  const result = await cdnWarm({ warming }, args, { screen, signal: new AbortController().signal });
  return { terms: given[0], shown, result };
}

it('shows how far it is, what was fetched, and for how many bytes', async () => {
  const { terms, shown, result } = await run({});
  expect(terms).toEqual({});
  expect(shown).toEqual([
    // The second came at the same moment.
    '~1 of 3 tracks  11 slices fetched (5.2 MB)  4 were warm',
    '3 of 3 tracks  11 slices fetched (5.2 MB)  4 were warm  in 2.3 s',
    'All of them are warm.',
  ]);
  expect(result).toEqual(report);
});

it('takes other tracks, qualities and bytes than usual', async () => {
  const { terms } = await run({ tracks: 50, qualities: ['HIGH'], budgetBytes: 1_000 });
  expect(terms).toEqual({ share: 0, minTracks: 50, qualities: ['HIGH'], budgetBytes: 1_000 });
});

it('refuses what is none', async () => {
  for (const args of [
    { tracks: 0 },
    { tracks: 1.5 },
    { qualities: [] },
    { qualities: ['LOUD'] },
    { budgetBytes: -1 },
  ])
    await expect(run(args)).rejects.toThrow();
});
