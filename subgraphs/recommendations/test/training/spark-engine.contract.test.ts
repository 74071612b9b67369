import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmbeddedEngine } from '../../src/adapters/embedded-engine.ts';
import { createSparkEngine } from '../../src/adapters/spark-engine.ts';
import type {
  FactorMethod,
  InteractionTable,
  NeighbourMethod,
  TrainingEngine,
} from '../../src/domain/training-engine.ts';
import { type AlsModel, createFoldIn } from '../../src/models/als.ts';
import { type Interactions, rowOf } from '../../src/models/interactions.ts';
import { readInteractions } from '../../src/training/computing/interaction-tables.ts';
import { factorColumns, neighbourColumns, readTable } from '../../src/training/computing/table-files.ts';
import { playsOfTwoCrowds, type Triple, writeTriples } from './interaction-table.ts';
import { trainingEngineContract } from './training-engine.contract.ts';

const { SPARK_SUBMIT = '' } = process.env;
if (!SPARK_SUBMIT) console.info('The training engine on Spark is left out, as SPARK_SUBMIT is not set.');

/** Two users who played the same twenty things, and nobody else did: all of these are equally alike, and more than fit. */
const playsOfTwins = [400, 401].flatMap((user) =>
  Array.from({ length: 20 }, (_, at): Triple => [user, 120 + at, 1]),
);

const openSpark = () =>
  createSparkEngine({
    submit: SPARK_SUBMIT,
    master: 'local[2]',
    driverMemory: '1g',
    // Of a second of work, most would be the compiler's.
    submitOptions: [
      ...['--driver-java-options', '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC'],
      ...['--conf', 'spark.sql.shuffle.partitions=2'],
    ],
  });

describe.skipIf(!SPARK_SUBMIT)('the engines beside each other', () => {
  let [spark, embedded]: TrainingEngine[] = [];
  let folder: string;
  let table: InteractionTable;
  let heldOut: readonly Triple[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medley-engines-'));
    [spark, embedded] = [openSpark(), createEmbeddedEngine()];
    const plays = playsOfTwoCrowds({ users: 400, items: 120, plays: 12_000, seed: 5 });
    const seen = new Set<string>();
    const isFirst = ([user, item]: Triple) => !seen.has(`${user} ${item}`) && seen.add(`${user} ${item}`);
    const pairs = plays.filter(isFirst);
    heldOut = pairs.filter((_, at) => at % 5 === 0);
    table = await writeTriples(
      join(folder, 'plays'),
      [...pairs.filter((_, at) => at % 5 !== 0), ...playsOfTwins],
      { userCount: 402, itemCount: 140 },
    );
  });
  afterAll(async () => {
    await spark?.close();
    await rm(folder, { recursive: true, force: true });
  });
  const runOf = (engine: TrainingEngine | undefined, name: string) => {
    if (!engine) throw new Error('both engines were opened');
    const folderOf = join(folder, engine.name, name);
    return { engine, run: { folder: folderOf, signal: new AbortController().signal } };
  };

  const neighbours = { neighbours: 10, maxItemsPerUser: 15 };
  const methods: NeighbourMethod[] = [
    { name: 'item-knn', ...neighbours },
    { name: 'rp3beta', beta: 0.37, ...neighbours },
  ];
  for (const method of methods) {
    it(`find the same neighbours by ${method.name}, to the bit`, async () => {
      const found = [spark, embedded].map(async (either) => {
        const { engine, run } = runOf(either, method.name);
        const made = await engine.makeNeighbours(table, method, run);
        const rows: number[][] = [];
        for await (const { item, other, similarity } of readTable(made.folder, neighbourColumns)) {
          for (const [at, one] of item.entries())
            rows.push([one, other[at] as number, similarity[at] as number]);
        }
        return rows;
      });
      const [ofSpark, ofEmbedded] = await Promise.all(found);
      expect(ofSpark?.length).toBeGreaterThan(1_200);
      expect(ofSpark).toEqual(ofEmbedded);
    }, 300_000);
  }

  it('find factors that explain the plays equally well, and what was held out too', async () => {
    const method: FactorMethod = {
      name: 'als',
      rank: 8,
      alpha: 4,
      regularisation: 0.1,
      iterations: 12,
      seed: 3,
    };
    const interactions = await readInteractions(table);
    const found = [spark, embedded].map(async (either) => {
      const { engine, run } = runOf(either, method.name);
      const made = await engine.makeFactors(table, method, run);
      const itemFactors = new Float32Array(table.itemCount * made.rank);
      for await (const rows of readTable(made.folder, factorColumns(made.rank))) {
        for (const [at, item] of (rows.item ?? []).entries()) {
          for (let k = 0; k < made.rank; k += 1)
            itemFactors[item * made.rank + k] = rows[`f${k}`]?.[at] as number;
        }
      }
      return judge({ ...method, itemFactors }, interactions, heldOut);
    });
    const [ofSpark, ofEmbedded] = (await Promise.all(found)) as [Judgement, Judgement];
    // They begin with other random numbers, so they end in another place of the same height.
    expect(Math.abs(ofSpark.objective / ofEmbedded.objective - 1)).toBeLessThan(0.01);
    expect(Math.abs(ofSpark.recall - ofEmbedded.recall)).toBeLessThan(0.03);
  }, 300_000);

  trainingEngineContract('spark', async () => {
    if (!spark) throw new Error('it was opened');
    return { ...spark, close: async () => {} };
  });
});

interface Judgement {
  /** What implicit ALS makes small, with the factors of users that fit best (Hu et al., 2008, formula 3). */
  readonly objective: number;
  /** Share of what was held out that is among the ten best of its user, 0 to 1. */
  readonly recall: number;
}

function judge(model: AlsModel, interactions: Interactions, heldOut: readonly Triple[]): Judgement {
  const { rank, alpha, regularisation, itemFactors } = model;
  const foldIn = createFoldIn(model);
  const scores = new Float64Array(interactions.itemCount);
  let [objective, hits] = [0, 0];
  const squares = (factor: ArrayLike<number>) =>
    Array.from(factor).reduce((sum, value) => sum + value ** 2, 0);
  const playersOf = new Uint32Array(interactions.itemCount);
  for (let user = 0; user < interactions.userCount; user += 1) {
    const row = rowOf(interactions, user);
    const factor = foldIn(row);
    for (let item = 0; item < scores.length; item += 1) {
      const ofItem = itemFactors.subarray(item * rank, (item + 1) * rank);
      scores[item] = ofItem.reduce((sum, value, k) => sum + value * (factor[k] as number), 0);
    }
    for (const score of scores) objective += score ** 2;
    for (const [at, item] of row.items.entries()) {
      const weight = 1 + alpha * Math.log1p(row.counts[at] as number);
      const score = scores[item] as number;
      objective += weight * (1 - score) ** 2 - score ** 2;
      playersOf[item] = (playersOf[item] as number) + 1;
    }
    objective += regularisation * row.items.length * squares(factor);
    for (const item of row.items) scores[item] = Number.NEGATIVE_INFINITY;
    const best = [...scores.keys()]
      .sort((a, b) => (scores[b] as number) - (scores[a] as number))
      .slice(0, 10);
    hits += heldOut.filter(([who, item]) => who === user && best.includes(item)).length;
  }
  for (const [item, players] of playersOf.entries())
    objective += regularisation * players * squares(itemFactors.subarray(item * rank, (item + 1) * rank));
  return { objective, recall: hits / heldOut.length };
}
