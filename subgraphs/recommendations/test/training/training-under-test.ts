import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeId } from '@medley/ids';
import { silentLogger } from '@medley/testing';
import { openTestDatabase } from '@medley/testing/database';
import { makeFactorTable } from '../../src/adapters/embedded-engine-factors.ts';
import { makeNeighbourTable } from '../../src/adapters/embedded-engine-neighbours.ts';
import { createFolderArchive } from '../../src/adapters/folder-archive.ts';
import { openPrismaClient, type PrismaClient } from '../../src/adapters/prisma-client.ts';
import { createPrismaModelReader } from '../../src/adapters/prisma-models-reader.ts';
import { createPrismaModelWriter } from '../../src/adapters/prisma-models-writer.ts';
import type { ArchiveStore } from '../../src/domain/archive-store.ts';
import type { ArchivedPlay } from '../../src/domain/archived-play.ts';
import type { TrackFacts } from '../../src/domain/catalog-facts.ts';
import type { ModelReader, ModelWriter } from '../../src/domain/models.ts';
import type { TrainingEngine } from '../../src/domain/training-engine.ts';
import { createRandom } from '../../src/models/random.ts';
import { type TrainingOutcome, type TrainOptions, train } from '../../src/training/train.ts';
import { trainingMethod } from '../../src/training/training-method.ts';
import { type Compute, doTrainingTask } from '../../src/training/training-tasks.ts';
import { writeToArchive } from './write-to-archive.ts';

export const uuidOf = (kind: number, number: number) =>
  `0000000${kind}-0000-4000-8000-${String(number).padStart(12, '0')}`;
export const trackUuid = (number: number) => uuidOf(1, number);
export const artistUuid = (number: number) => uuidOf(2, number);

/** Two crowds of tracks, each with artists and a sound of its own: the even ones and the odd ones. */
export const createTracks = (count: number): TrackFacts[] =>
  Array.from({ length: count }, (_, number) => ({
    id: trackUuid(number),
    title: `Track ${number}`,
    explicit: false,
    withdrawn: false,
    popularity: 50,
    albumId: null,
    artistIds: [artistUuid(number % 8)],
    genreIds: [uuidOf(3, number % 2)],
    features: {
      ...{ tempoBpm: 90 + 60 * (number % 2), energy: 0.2 + 0.6 * (number % 2), valence: 0.5 },
      ...{ danceability: 0.3 + 0.4 * (number % 2), acousticness: 0.5, instrumentalness: 0.1 },
    },
    markets: new Set(['AT', 'DE']),
  }));

export function archivedPlay(
  play: Partial<ArchivedPlay> & { readonly user: number; readonly track: number },
): ArchivedPlay {
  const { user, track, ...rest } = play;
  return {
    ...{
      eventId: randomUUID(),
      userId: encodeId('user', uuidOf(9, user)),
      trackId: encodeId('track', trackUuid(track)),
    },
    ...{
      playedAt: new Date('2026-11-20T12:00:00.000Z'),
      msPlayed: 180_000,
      counted: true,
      notCountedReason: null,
    },
    ...{ contextKind: null, contextId: null, market: 'AT', tier: 'PREMIUM', quality: 'HIGH' },
    ...{ startReason: 'CLICK', endReason: 'TRACK_DONE', skipped: false, offline: false },
    ...{ clickToSoundMs: null, stalls: 0, stalledMs: 0 },
    ...rest,
  };
}

/** Plays of two crowds of listeners, each of its own tracks for the most part, over some days. */
export function playsOfCrowds({ users = 80, tracks = 60, plays = 3_000, seed = 1 } = {}): ArchivedPlay[] {
  const random = createRandom(seed);
  return Array.from({ length: plays }, () => {
    const user = Math.floor(random() * users);
    const crowd = (user % 2) ^ (random() < 0.05 ? 1 : 0);
    const track = Math.floor((random() ** 2 * tracks) / 2) * 2 + crowd;
    const playedAt = new Date(Date.parse('2026-11-18T00:00:00Z') + Math.floor(random() * 4 * 86_400_000));
    return archivedPlay({ user, track, playedAt, market: user % 4 < 3 ? 'AT' : 'DE' });
  });
}

/** As good for little. */
const smallMethod = { ...trainingMethod, factors: { ...trainingMethod.factors, rank: 8, iterations: 4 } };

/** Everything in this process, that a test may cut off. */
export interface TrainingUnderTest {
  readonly archive: ArchiveStore;
  readonly client: PrismaClient;
  readonly reader: ModelReader;
  readonly writer: ModelWriter;
  readonly engine: TrainingEngine;
  readonly compute: Compute;
  tracks: TrackFacts[];
  archivePlays(plays: readonly ArchivedPlay[]): Promise<void>;
  /** Empties the archive and the work folder; models stay. */
  reset(): Promise<void>;
  /** What a training needs. */
  readonly options: TrainOptions;
  train(options?: Partial<TrainOptions>): Promise<TrainingOutcome>;
  close(): Promise<void>;
}

export async function openTraining(): Promise<TrainingUnderTest> {
  const database = await openTestDatabase('recommendations');
  const client = openPrismaClient(database);
  const folder = await mkdtemp(join(tmpdir(), 'medley-training-'));
  const archive = createFolderArchive(join(folder, 'archive'));
  const writer = createPrismaModelWriter(client);
  const run = { report() {} };
  const openedAt = Date.now();

  const engine: TrainingEngine = {
    name: 'embedded',
    async makeNeighbours(table, method, { folder }) {
      await makeNeighbourTable({ table, method, folder }, run);
      return { folder: `${folder}/table` };
    },
    async makeFactors(table, method, { folder }) {
      await makeFactorTable({ table, method, folder }, run);
      return { folder: `${folder}/table`, rank: method.rank };
    },
    close: async () => {},
  };
  const compute: Compute = (task) => doTrainingTask(task, archive, run) as never;

  const options: TrainOptions = {
    facts: {
      findGenres: async (ids) => new Map(ids.map((id) => [id, { id, slug: id, name: id, parentId: null }])),
      tracksAfter: async (after, limit) =>
        under.tracks.filter(({ id }) => after === null || id > after).slice(0, limit),
    },
    ...{ models: writer, engine, compute, workFolder: join(folder, 'work') },
    ...{ tryHold: database.tryHold, logger: silentLogger, signal: new AbortController().signal },
    method: smallMethod,
    from: '2026-01-01',
    // What is held out is chosen by the day: all of one file is done on one.
    clock: () => openedAt,
  };

  const under: TrainingUnderTest = {
    ...{ archive, client, writer, engine, compute, options },
    reader: createPrismaModelReader(client, { servingForMs: 0 }),
    tracks: createTracks(60),
    archivePlays: (plays) => writeToArchive(archive, plays),
    async reset() {
      for (const name of ['archive', 'work']) await rm(join(folder, name), { recursive: true, force: true });
      under.tracks = createTracks(60);
    },
    train: (other) => train({ ...options, ...other }),
    async close() {
      await client.$disconnect();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return under;
}
