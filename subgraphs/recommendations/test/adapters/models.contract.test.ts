import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPrismaClient, type PrismaClient } from '../../src/adapters/prisma-client.ts';
import { createPrismaModelReader } from '../../src/adapters/prisma-models-reader.ts';
import { createPrismaModelWriter } from '../../src/adapters/prisma-models-writer.ts';
import type {
  ModelFigures,
  ModelWriter,
  Neighbour,
  ServingModel,
  ToldModelReader,
} from '../../src/domain/models.ts';

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const neighbour = (number: number, score: number, reason: Neighbour['reason'] = 'LISTENED_TOGETHER') => ({
  ...{ id: idOf(number), score, reason },
});
const figures: ModelFigures = {
  ...{ plays: 1_000, users: 10, tracks: 50, coverage: 0.5, recall: 0.25 },
  playsUntil: new Date('2026-11-22T23:00:00.000Z'),
};

describe(`models on ${testDatabaseKind}`, () => {
  let writer: ModelWriter;
  let client: PrismaClient;
  let now = 0;
  let reader: ToldModelReader;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const database = await openTestDatabase('recommendations');
    client = openPrismaClient(database);
    writer = createPrismaModelWriter(client);
    close = async () => {
      await client.$disconnect();
      await database.close();
    };
  }, 60_000);
  afterAll(() => close?.());
  beforeEach(() => {
    reader = createPrismaModelReader(client, { clock: () => now });
  });

  const begin = () => writer.begin({ method: 'item-knn', engine: 'embedded' });
  async function train(write: (id: number) => Promise<void> = async () => {}): Promise<ServingModel> {
    const { id } = await begin();
    await write(id);
    await writer.swapIn(id, new Date('2026-11-23T05:00:00.000Z'));
    now += 5_000;
    const model = await reader.serving();
    expect(model?.id).toBe(id);
    return model as ServingModel;
  }
  async function tablesOf(id: number) {
    const rows = await client.$queryRaw<{ name: string }[]>`
      SELECT tablename AS name FROM pg_tables
      WHERE schemaname = 'recommendations' AND tablename LIKE ${`%\\_m${id}`} ORDER BY 1`;
    return rows.map(({ name }) => name);
  }

  it('do not serve while they are trained, and all at once when they are swapped in', async () => {
    const { id, version, state, startedAt } = await begin();
    expect([state, await reader.serving()]).toEqual(['TRAINING', null]);
    expect(version).toBe(`${startedAt.toISOString().slice(0, 19)}Z-${id}`);
    await writer.writeNeighbours(id, 'TRACK', [{ itemId: idOf(1), neighbours: [neighbour(2, 1)] }]);
    await writer.noteFigures(id, figures);
    await writer.swapIn(id, new Date('2026-11-23T05:00:00.000Z'));
    expect(await reader.serving()).toBeNull();
    reader.noteSwap();
    expect(await reader.serving()).toEqual({
      ...{ id, version, method: 'item-knn', trainedAt: new Date('2026-11-23T05:00:00.000Z') },
    });
    expect((await reader.trainings(1))[0]).toMatchObject({
      id,
      state: 'SERVING',
      engine: 'embedded',
      figures,
    });
  });

  it('answer with the neighbours of many at once, in order, with scores and reasons', async () => {
    const neighbours = [neighbour(3, 1), neighbour(2, 0.5, 'SOUNDS_ALIKE'), neighbour(9, 0.125)];
    const many = Array.from({ length: 500 }, (_, at) => ({ itemId: idOf(100 + at), neighbours }));
    const model = await train(async (id) => {
      await writer.writeNeighbours(id, 'TRACK', many);
      await writer.writeNeighbours(id, 'ARTIST', [{ itemId: idOf(100), neighbours: [neighbour(7, 1)] }]);
    });
    const ids = [...many.map(({ itemId }) => itemId), idOf(1)];
    const found = await reader.neighbours(model, 'TRACK', ids);
    expect(found.size).toBe(500);
    expect(found.get(idOf(599))).toEqual(neighbours);
    // Once more, from memory.
    expect(await reader.neighbours(model, 'TRACK', ids)).toEqual(found);
    expect((await reader.neighbours(model, 'ARTIST', ids)).get(idOf(100))).toEqual([neighbour(7, 1)]);
  });

  it('are written once, however often that is tried', async () => {
    const rows = [{ itemId: idOf(1), neighbours: [neighbour(2, 1)] }];
    const { id } = await begin();
    for (let time = 0; time < 2; time += 1) {
      await writer.writeNeighbours(id, 'TRACK', rows);
      await writer.writeFactors(id, [{ trackId: idOf(1), factors: Float32Array.of(1, -0.5) }]);
      await writer.writePopular(id, 'AT', [idOf(1), idOf(2)]);
    }
    expect(await writer.countRows(id)).toEqual({ tracks: 1, artists: 0, factors: 1, popular: 2 });
    await writer.refuse(id, 'a test');
  });

  it('know factors, bit for bit, and what has none is left out', async () => {
    const factors = Float32Array.of(0.1, -2.5e-7, 3e8);
    const model = await train((id) => writer.writeFactors(id, [{ trackId: idOf(4), factors }]));
    expect(await reader.factors(model, [idOf(4), idOf(5)])).toEqual(new Map([[idOf(4), factors]]));
  });

  it('know what is popular in a market, and everywhere where nothing is known of it', async () => {
    const model = await train(async (id) => {
      await writer.writePopular(id, '*', [idOf(1), idOf(2), idOf(3)]);
      await writer.writePopular(id, 'AT', [idOf(3), idOf(1)]);
    });
    expect(await reader.popular(model, 'AT', 10)).toEqual([idOf(3), idOf(1)]);
    expect(await reader.popular(model, 'DE', 2)).toEqual([idOf(1), idOf(2)]);
    expect(await reader.popular(model, null, 1)).toEqual([idOf(1)]);
  });

  it('go on answering after they were swapped out, for one more training', async () => {
    const rows = [{ itemId: idOf(1), neighbours: [neighbour(2, 1)] }];
    const first = await train((id) => writer.writeNeighbours(id, 'TRACK', rows));
    await train();
    await writer.dropOld();
    expect((await reader.neighbours(first, 'TRACK', [idOf(1)])).size).toBe(1);
    await train();
    await writer.dropOld();
    expect(await tablesOf(first.id)).toEqual([]);
    reader = createPrismaModelReader(client);
    expect((await reader.neighbours(first, 'TRACK', [idOf(1)])).size).toBe(0);
    expect((await reader.trainings(3)).map(({ state }) => state)).toEqual(['SERVING', 'RETIRED', 'RETIRED']);
  });

  it('that are refused never serve, and go', async () => {
    const serving = await train();
    const { id } = await begin();
    expect((await writer.findUnfinished())?.id).toBe(id);
    expect((await tablesOf(id)).length).toBe(3);
    await writer.dropOld();
    expect((await tablesOf(id)).length).toBe(3);
    await writer.refuse(id, 'it finds nothing');
    await writer.dropOld();
    expect(await tablesOf(id)).toEqual([]);
    now += 5_000;
    expect((await reader.serving())?.id).toBe(serving.id);
    expect((await reader.trainings(1))[0]).toMatchObject({
      id,
      state: 'REFUSED',
      refusal: 'it finds nothing',
    });
    await expect(writer.swapIn(id, new Date())).rejects.toThrow(/not being trained/);
    expect((await reader.serving())?.id).toBe(serving.id);
    await expect(
      writer.writeNeighbours(id, 'TRACK', [{ itemId: idOf(1), neighbours: [] }]),
    ).rejects.toThrow();
  });

  it('take at most 1,000 rows at a time', async () => {
    const rows = Array.from({ length: 1_001 }, (_, at) => ({ itemId: idOf(at), neighbours: [] }));
    await expect(writer.writeNeighbours(1, 'TRACK', rows)).rejects.toThrow('at most 1000');
  });
});
