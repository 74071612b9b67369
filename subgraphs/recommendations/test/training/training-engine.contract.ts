import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  FactorMethod,
  InteractionTable,
  NeighbourMethod,
  TrainingEngine,
} from '../../src/domain/training-engine.ts';
import { type Interactions, rowOf } from '../../src/models/interactions.ts';
import { readInteractions } from '../../src/training/computing/interaction-tables.ts';
import { factorColumns, neighbourColumns, readTable } from '../../src/training/computing/table-files.ts';
import { playsOfTwoCrowds, type Triple, writeTriples } from './interaction-table.ts';

const knn: NeighbourMethod = { name: 'item-knn', neighbours: 10, maxItemsPerUser: 1_000 };
const rp3beta: NeighbourMethod = { ...knn, name: 'rp3beta', beta: 0.4 };
const als: FactorMethod = { name: 'als', rank: 8, alpha: 4, regularisation: 0.1, iterations: 8, seed: 3 };

type Row = readonly [item: number, other: number, similarity: number];

/** What every engine must do alike. */
export function trainingEngineContract(name: string, open: () => Promise<TrainingEngine>): void {
  describe(`training engine: ${name}`, () => {
    let engine: TrainingEngine;
    let folder: string;
    let crowds: InteractionTable;
    let runs = 0;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'medley-engine-'));
      engine = await open();
      crowds = await writeTriples(join(folder, 'crowds'), playsOfTwoCrowds());
    }, 120_000);
    afterAll(async () => {
      await engine?.close();
      await rm(folder, { recursive: true, force: true });
    });

    const newRun = (signal = new AbortController().signal) => {
      runs += 1;
      return { folder: join(folder, `run-${runs}`), signal };
    };
    async function neighboursOf(table: InteractionTable, method: NeighbourMethod, run = newRun()) {
      const made = await engine.makeNeighbours(table, method, run);
      const rows: Row[] = [];
      for await (const { item, other, similarity } of readTable(made.folder, neighbourColumns))
        for (let at = 0; at < item.length; at += 1)
          rows.push([item[at] as number, other[at] as number, similarity[at] as number]);
      return rows;
    }
    async function factorsOf(table: InteractionTable, method: FactorMethod, run = newRun()) {
      const made = await engine.makeFactors(table, method, run);
      const factors = new Map<number, number[]>();
      for await (const rows of readTable(made.folder, factorColumns(made.rank)))
        for (let at = 0; at < (rows.item?.length ?? 0); at += 1)
          factors.set(
            rows.item?.[at] as number,
            Array.from({ length: made.rank }, (_, place) => rows[`f${place}`]?.[at] as number),
          );
      return factors;
    }
    const write = (triples: readonly Triple[], size?: Parameters<typeof writeTriples>[2]) => {
      runs += 1;
      return writeTriples(join(folder, `table-${runs}`), triples, size);
    };

    for (const method of [knn, rp3beta]) {
      it(`finds the neighbours by ${method.name} that its formula tells`, async () => {
        const found = await neighboursOf(crowds, method);
        const expected = computePlainly(await readInteractions(crowds), method);
        expect(found.length).toBeGreaterThan(100);
        expect(found.length).toBe(expected.length);
        for (const [at, [item, , similarity]] of found.entries()) {
          expect(item).toBe(expected[at]?.[0]);
          expect(similarity).toBeCloseTo(expected[at]?.[2] as number, 5);
        }
        // Who is found is the same too, but for two that are alike to the sixth digit.
        const others = (rows: readonly Row[]) => new Set(rows.map(([item, other]) => `${item} ${other}`));
        const missing = [...others(expected)].filter((pair) => !others(found).has(pair));
        expect(missing.length).toBeLessThan(expected.length / 50);
      }, 120_000);
    }

    it('orders neighbours by similarity, equals by their number, and keeps the best only', async () => {
      // Items 1 to 4 go with 0 equally; who plays 5 plays nothing else.
      const table = await write([
        ...[0, 1, 2, 3, 4].map((item) => [0, item, 2] as const),
        ...[0, 1, 2, 3, 4].map((item) => [1, item, 2] as const),
        [2, 5, 1],
      ]);
      const rows = await neighboursOf(table, { ...knn, neighbours: 3 });
      expect(rows.map(([item, other]) => [item, other])).toEqual(
        [0, 1, 2, 3, 4].flatMap((item) =>
          [0, 1, 2, 3, 4]
            .filter((other) => other !== item)
            .slice(0, 3)
            .map((other) => [item, other]),
        ),
      );
      expect(rows[0]?.[2]).toBeCloseTo(1, 5);
    }, 120_000);

    it('counts only the most played items of a user, of equals the smaller ones', async () => {
      const table = await write([
        [0, 0, 1],
        [0, 1, 5],
        [0, 2, 3],
        [0, 3, 3],
        [0, 4, 3],
      ]);
      const rows = await neighboursOf(table, { ...knn, maxItemsPerUser: 3 });
      expect(new Set(rows.map(([item]) => item))).toEqual(new Set([1, 2, 3]));
    }, 120_000);

    it('finds factors by which the items of a crowd are alike', async () => {
      const factors = await factorsOf(crowds, als);
      expect(factors.size).toBe(24);
      const cosine = (one: number, other: number) => {
        const [a, b] = [factors.get(one) as number[], factors.get(other) as number[]];
        const product = (x: number[], y: number[]) =>
          x.reduce((sum, value, at) => sum + value * (y[at] as number), 0);
        return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
      };
      const [same, different] = [[] as number[], [] as number[]];
      for (let one = 0; one < 24; one += 1)
        for (let other = 0; other < one; other += 1)
          ((one - other) % 2 === 0 ? same : different).push(cosine(one, other));
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(mean(same)).toBeGreaterThan(mean(different) + 0.3);
      for (const factor of factors.values()) expect(factor.every(Number.isFinite)).toBe(true);
    }, 120_000);

    it('has no row for what nobody played', async () => {
      const table = await write([[1, 2, 1]], { userCount: 5, itemCount: 9 });
      expect(await neighboursOf(table, knn)).toEqual([]);
      expect([...(await factorsOf(table, als)).keys()]).toEqual([2]);
    }, 120_000);

    it('makes empty tables of no plays at all', async () => {
      const table = await write([]);
      expect(await neighboursOf(table, knn)).toEqual([]);
      expect((await factorsOf(table, als)).size).toBe(0);
    }, 120_000);

    it('answers at once when the table is there', async () => {
      const run = newRun();
      const { folder: made } = await engine.makeNeighbours(crowds, knn, run);
      const { ino, mtimeMs } = await stat(made);
      expect((await engine.makeNeighbours(crowds, knn, run)).folder).toBe(made);
      expect(await stat(made)).toMatchObject({ ino, mtimeMs });
    }, 120_000);

    it('ends when it is told to, and comes to the same afterwards', async () => {
      const stopping = new AbortController();
      const reason = new Error('that is enough');
      const run = newRun(stopping.signal);
      const stopped = engine.makeNeighbours(crowds, rp3beta, {
        ...run,
        onProgress: () => stopping.abort(reason),
      });
      // There may be nothing to tell of so little work.
      setTimeout(() => stopping.abort(reason), 50);
      await expect(stopped).rejects.toBe(reason);
      const again = await neighboursOf(crowds, rp3beta, { ...run, signal: new AbortController().signal });
      expect(again).toEqual(await neighboursOf(crowds, rp3beta));
    }, 300_000);

    it('tells how much is done, never less than before', async () => {
      const told: number[] = [];
      await engine.makeFactors(crowds, als, { ...newRun(), onProgress: (share) => told.push(share) });
      expect(told.every((share, at) => share >= (told[at - 1] ?? 0) && share <= 1)).toBe(true);
    }, 120_000);

    it('says what is wrong with a table that is not what it says', async () => {
      await expect(
        engine.makeNeighbours({ ...crowds, folder: join(folder, 'nowhere') }, knn, newRun()),
      ).rejects.toThrow();
    }, 120_000);
  });
}

/** By the formulas, word for word. */
function computePlainly(interactions: Interactions, method: NeighbourMethod): Row[] {
  const { userCount, itemCount } = interactions;
  const weights = Array.from({ length: userCount }, (_, user) => {
    const { items, counts } = rowOf(interactions, user);
    return new Map(Array.from(items, (item, at) => [item, Math.log1p(counts[at] as number)] as const));
  });
  const all = Array.from({ length: itemCount }, (_, item) => item);
  const of = (user: number, item: number) => weights[user]?.get(item) ?? 0;
  const sumOver = (value: (user: number) => number) => weights.reduce((sum, _, user) => sum + value(user), 0);
  const norms = all.map((item) => Math.sqrt(sumOver((user) => of(user, item) ** 2)));
  const itemSums = all.map((item) => sumOver((user) => of(user, item)));
  const userSums = weights.map((row) => [...row.values()].reduce((sum, weight) => sum + weight, 0));
  const players = all.map((item) => sumOver((user) => (of(user, item) > 0 ? 1 : 0)));
  const similarity = (one: number, other: number) =>
    method.name === 'item-knn'
      ? sumOver((user) => of(user, one) * of(user, other)) /
        ((norms[one] as number) * (norms[other] as number))
      : sumOver(
          (user) =>
            (of(user, one) / (itemSums[one] as number)) * (of(user, other) / (userSums[user] as number)),
        ) /
        (players[other] as number) ** method.beta;
  return all.flatMap((one) =>
    all
      .filter((other) => other !== one)
      .map((other) => [one, other, similarity(one, other)] as const)
      .filter(([, , score]) => score > 0)
      .sort(([, a, scoreA], [, b, scoreB]) => scoreB - scoreA || a - b)
      .slice(0, method.neighbours),
  );
}
