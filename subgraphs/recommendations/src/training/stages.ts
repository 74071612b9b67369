import { mkdir } from 'node:fs/promises';
import type { ModelFigures, ModelRows, TrainingRecord } from '../domain/models.ts';
import type { FactorTable, NeighbourTable } from '../domain/training-engine.ts';
import { artistsOf, readTracks, writeCatalogFiles } from './catalog-file.ts';
import type { CheckedModel } from './check-model.ts';
import type { CountedPlays } from './count-plays.ts';
import { judgeModel, leastToJudge } from './judge-model.ts';
import type { MixedNeighbours } from './mix-neighbours.ts';
import type { TrainingOutcome, TrainOptions } from './train.ts';
import type { TrainingMethod } from './training-method.ts';
import type { WorkFolder } from './work-folder.ts';
import { writeModel } from './write-model.ts';

/** The stages, in order, in words. */
export const stages = {
  catalog: 'reading the catalog',
  plays: 'counting plays',
  neighbours: 'neighbours of tracks',
  artists: 'neighbours of artists',
  factors: 'factors',
  mix: 'mixing',
  check: 'checking',
  write: 'writing',
} as const;
export type Stage = keyof typeof stages;

export interface StageProgress {
  readonly stage: Stage;
  /** How much of the stage is done, 0 to 1. */
  readonly share: number;
}

const dayMs = 86_400_000;
const daysLearned = 365;
const mib = 1_048_576;

type Options = Omit<TrainOptions, 'clock' | 'method'> & {
  readonly method: TrainingMethod;
  readonly clock: () => number;
};

/** Does what is not done yet of a training. What a stage comes to is kept when it is over; a stage that was interrupted is done again. */
export async function runStages(
  training: TrainingRecord,
  work: WorkFolder,
  options: Options,
): Promise<TrainingOutcome> {
  const { facts, models, engine, compute, method, signal, onProgress, force = false, clock } = options;
  const { memoryMib = 1_024, sharesConnection = false } = options;

  async function stage<Result>(
    name: Stage,
    run: (folder: string, progress: (share: number) => void) => Promise<Result>,
  ): Promise<Result> {
    const known = await work.find<Result>(name);
    if (known !== null) return known;
    signal.throwIfAborted();
    const folder = work.folderOf(name);
    await mkdir(folder, { recursive: true });
    onProgress?.({ stage: name, share: 0 });
    const result = await run(folder, (share) => onProgress?.({ stage: name, share }));
    await work.finish(name, result);
    return result;
  }
  const aside = (onShare: (share: number) => void) => ({ signal, onProgress: onShare });

  const catalog = work.folderOf('catalog');
  const { trackCount } = await stage('catalog', async (folder) => ({
    trackCount: await writeCatalogFiles(folder, facts, signal),
  }));

  const plays = await stage<CountedPlays>('plays', async (folder, progress) => {
    await options.flushArchive?.();
    const startedAt = training.startedAt.getTime();
    const from = options.from ?? new Date(startedAt - daysLearned * dayMs).toISOString().slice(0, 10);
    return compute(
      {
        ...{ kind: 'plays', folder, catalog, from },
        memoryBytes: memoryMib * mib,
        seed: Math.floor(startedAt / dayMs),
      },
      aside(progress),
    );
  });
  const notes = notesOf(plays);
  const figures: ModelFigures = {
    ...{ plays: plays.plays, users: plays.users, tracks: plays.playedTracks },
    playsUntil: plays.playsUntil === null ? null : new Date(plays.playsUntil),
    ...{ coverage: null, recall: null },
  };
  await models.noteFigures(training.id, figures);

  async function refuse(why: string, known: ModelFigures): Promise<TrainingOutcome> {
    await models.refuse(training.id, why);
    return { version: training.version, serves: false, refusal: why, figures: known, notes };
  }
  if (trackCount === 0) return refuse('There are no tracks.', figures);
  if (plays.plays === 0) return refuse('There are no counted plays in the archive.', figures);

  const neighbours = await stage<NeighbourTable>('neighbours', (folder, progress) =>
    engine.makeNeighbours(plays.tracks, method.neighbours, { folder, ...aside(progress) }),
  );
  const artistNeighbours = await stage<NeighbourTable>('artists', (folder, progress) =>
    engine.makeNeighbours(plays.artists, method.neighbours, { folder, ...aside(progress) }),
  );
  const factors = await stage<FactorTable>('factors', (folder, progress) =>
    engine.makeFactors(plays.tracks, method.factors, { folder, ...aside(progress) }),
  );
  const mixed = await stage<MixedNeighbours>('mix', (folder, progress) =>
    compute({ kind: 'mix', folder, catalog, method, neighbours, factors, artistNeighbours }, aside(progress)),
  );
  const checked = await stage<CheckedModel>('check', (_, progress) =>
    compute(
      { kind: 'check', method, tracks: plays.tracks, heldOut: plays.heldOut, neighbours, factors },
      aside(progress),
    ),
  );
  const coverage = mixed.withNeighbours / mixed.trackCount;
  const known: ModelFigures = {
    ...figures,
    coverage,
    recall: checked.heldOut < leastToJudge ? null : checked.recall,
  };
  await models.noteFigures(training.id, known);
  const last = await models.findServing();
  const verdict = judgeModel(checked, coverage, last?.figures ?? null);
  notes.push(...verdict.notes);
  if (verdict.refusal !== null && !force) return refuse(`It is not good enough: ${verdict.refusal}.`, known);
  if (verdict.refusal !== null) notes.push(`it serves although ${verdict.refusal}`);

  const rows = await stage<ModelRows>('write', async (_, progress) => {
    const tracks = await readTracks(catalog);
    const total = trackCount + plays.artists.itemCount + plays.playedTracks;
    return writeModel({
      ...{ models, modelId: training.id, mixed, factors, popularFile: plays.popularFile, signal },
      trackIds: tracks.map(({ id }) => id),
      artistIds: artistsOf(tracks),
      ...(sharesConnection ? { rowsAtOnce: 50, rest: 2 } : { rowsAtOnce: 500, rest: 0 }),
      written: (await work.find<number>('written')) ?? 0,
      onWritten: async (written) => {
        await work.finish('written', written);
        progress(Math.min(1, written / total));
      },
    });
  });
  const there = await models.countRows(training.id);
  if (JSON.stringify(there) !== JSON.stringify(rows))
    throw new Error(
      `of the model ${JSON.stringify(rows)} was written, and ${JSON.stringify(there)} is there`,
    );
  signal.throwIfAborted();
  await models.swapIn(training.id, new Date(clock()));
  return { version: training.version, serves: true, refusal: null, figures: known, notes };
}

function notesOf({ unknown, broken, fromDay }: CountedPlays): string[] {
  const notes: string[] = [];
  const count = (number: number) => number.toLocaleString('en');
  if (broken.rows + broken.files > 0) {
    notes.push(`${count(broken.rows)} rows and ${count(broken.files)} files of the archive cannot be read:`);
    notes.push(...broken.first);
  }
  if (unknown > 0) notes.push(`${count(unknown)} plays are of tracks that are gone`);
  if (fromDay !== null) notes.push(`plays before ${fromDay} did not fit into the memory, and were left out`);
  return notes;
}
