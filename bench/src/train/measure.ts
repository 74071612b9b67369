import { readFileSync } from 'node:fs';
import {
  chosenMethod,
  countLists,
  createInteractionsBuilder,
  type Interactions,
  runAtOnce,
  trainChosen,
  trainItemKnn,
} from '@medley/recommendations/models/index';
import { buildNaively } from './naive.ts';
import { generatePlays, itemCount, userCount } from './plays.ts';

/** What one process measured of itself. */
export interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The most it ever held, in megabytes; of that some 100 are Node and the compiler. */
  readonly peakMb: number;
  /** What came out, so that two builds can be compared. */
  readonly result: string;
}

const [what = '', plays = '0'] = process.argv.slice(2);
const startedAt = performance.now();
const result = run(Number(plays));
const { user, system } = process.cpuUsage();
const measured: Measured = {
  seconds: (performance.now() - startedAt) / 1_000,
  cpuSeconds: (user + system) / 1_000_000,
  peakMb: Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1_024,
  result,
};
console.log(JSON.stringify(measured));

function run(count: number): string {
  if (what === 'naive') {
    const { lists, neighbours, similarity } = buildNaively(
      generatePlays(count),
      chosenMethod.parameters.neighbours.neighbours,
    );
    return describe(lists, neighbours, similarity);
  }
  const interactions = build(count);
  if (what === 'matrix') return `${interactions.items.length} pairs`;
  if (what === 'neighbours') {
    const { neighbours, maxItemsPerUser } = chosenMethod.parameters.neighbours;
    const lists = runAtOnce(trainItemKnn(interactions, { neighbours, maxItemsPerUser }));
    const filled = lists.starts.reduce(
      (sum, start, at) => sum + (start < (lists.starts[at + 1] ?? 0) ? 1 : 0),
      0,
    );
    const similarity = lists.similarities.reduce((sum, value) => sum + value, 0);
    return describe(filled, lists.items.length, similarity);
  }
  const { neighbours, factors } = runAtOnce(trainChosen(interactions));
  return `${countLists(neighbours)} lists, ${factors.itemFactors.length / factors.rank} factors of ${factors.rank}`;
}

function build(count: number): Interactions {
  const builder = createInteractionsBuilder();
  for (const [user, item] of generatePlays(count)) builder.add(user, item, 1);
  return builder.build({ userCount, itemCount });
}

function describe(lists: number, neighbours: number, similarity: number): string {
  return `${lists} lists, ${neighbours} neighbours, similarities ${similarity.toPrecision(5)} in all`;
}
