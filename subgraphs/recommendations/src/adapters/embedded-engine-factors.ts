import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { FactorMethod, InteractionTable } from '../domain/training-engine.ts';
import { type AlsState, beginAls, iterateAls } from '../models/als.ts';
import { transpose } from '../models/interactions.ts';
import { readInteractions } from '../training/computing/interaction-tables.ts';
import type { AsideRun } from '../training/computing/run-aside.ts';
import {
  type FactorColumns,
  factorColumns,
  type Rows,
  writeTable,
} from '../training/computing/table-files.ts';
import { isThere } from './embedded-engine-neighbours.ts';

/** Iterations take from milliseconds to minutes: what is saved is worth saving. */
const savedEveryMs = 5_000;

/** Goes on after the last iteration that was saved. */
export async function makeFactorTable(
  { table, method, folder }: { table: InteractionTable; method: FactorMethod; folder: string },
  { report }: AsideRun,
): Promise<void> {
  const [whole, saved] = [join(folder, 'table'), join(folder, 'state')];
  if (await isThere(whole)) return;
  await mkdir(folder, { recursive: true });
  const byUser = await readInteractions(table);
  const byItem = transpose(byUser);
  let state = await readState(saved, beginAls(byUser, method));
  let savedAt = performance.now();
  while (state.iterationsDone < method.iterations) {
    const steps = iterateAls(byUser, byItem, method, state);
    let step = steps.next();
    for (; !step.done; step = steps.next()) report(step.value.done / step.value.total);
    state = step.value;
    if (performance.now() - savedAt > savedEveryMs) {
      await writeState(saved, state);
      savedAt = performance.now();
    }
  }
  const played = Int32Array.from(
    Array.from(byItem.starts.keys()).filter(
      (item) => (byItem.starts[item + 1] ?? 0) > (byItem.starts[item] as number),
    ),
  );
  await writeTable(whole, factorColumns(method.rank), (append) => {
    for (let from = 0; from < played.length; from += rowsAGroup)
      append(toRows(played.subarray(from, from + rowsAGroup), state.itemFactors, method.rank));
  });
}

const rowsAGroup = 50_000;

function toRows(items: Int32Array, factors: Float32Array, rank: number): Rows<FactorColumns> {
  const rows: Record<string, Float32Array> = {};
  for (let place = 0; place < rank; place += 1)
    rows[`f${place}`] = Float32Array.from(items, (item) => factors[item * rank + place] as number);
  return { item: items, ...rows };
}

/** The number of iterations, then the factors of users and of items, in the order of the machine. */
async function writeState(
  path: string,
  { iterationsDone, userFactors, itemFactors }: AlsState,
): Promise<void> {
  const file = await open(`${path}.aside`, 'w');
  try {
    for (const { buffer, byteOffset, byteLength } of [
      Float64Array.of(iterationsDone),
      userFactors,
      itemFactors,
    ])
      await file.writeFile(new Uint8Array(buffer, byteOffset, byteLength));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.aside`, path);
}

/** What was saved, or the beginning. */
async function readState(path: string, beginning: AlsState): Promise<AlsState> {
  const bytes = await readFile(path).catch(() => null);
  const [users, items] = [beginning.userFactors.length, beginning.itemFactors.length];
  if (bytes?.length !== 8 + 4 * (users + items)) return beginning;
  const { buffer } = Uint8Array.from(bytes);
  return {
    iterationsDone: new Float64Array(buffer, 0, 1)[0] as number,
    userFactors: new Float32Array(buffer, 8, users),
    itemFactors: new Float32Array(buffer, 8 + 4 * users, items),
  };
}
