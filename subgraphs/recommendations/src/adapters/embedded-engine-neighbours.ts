import { access, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { InteractionTable, NeighbourMethod } from '../domain/training-engine.ts';
import type { Interactions } from '../models/interactions.ts';
import { prepareItemKnn } from '../models/item-knn.ts';
import { countLists, type NeighbourLists } from '../models/neighbour-lists.ts';
import { makeNeighbourLists, type NeighbourSource } from '../models/neighbours.ts';
import { prepareRp3beta } from '../models/rp3beta.ts';
import { readInteractions } from '../training/computing/interaction-tables.ts';
import type { AsideRun } from '../training/computing/run-aside.ts';
import { neighbourColumns, writeTableFile } from '../training/computing/table-files.ts';

/** Lists of so many items are saved at once: what an interruption costs at most, and the memory that lists take. */
const itemsAPart = 2_000;

/** Makes the parts that are not there yet, each a file. */
export async function makeNeighbourTable(
  { table, method, folder }: { table: InteractionTable; method: NeighbourMethod; folder: string },
  { report }: AsideRun,
): Promise<void> {
  const [parts, whole] = [join(folder, 'parts'), join(folder, 'table')];
  if (await isThere(whole)) return;
  await mkdir(parts, { recursive: true });
  const source = prepare(await readInteractions(table), method);
  for (let from = 0; from < table.itemCount; from += itemsAPart) {
    const to = Math.min(from + itemsAPart, table.itemCount);
    const path = join(parts, `items-${String(from).padStart(10, '0')}.parquet`);
    if (await isThere(path)) continue;
    const steps = makeNeighbourLists(source, { from, to });
    let step = steps.next();
    for (; !step.done; step = steps.next()) {
      const { done, total } = step.value;
      report((from + (done / total) * (to - from)) / table.itemCount);
    }
    const rows = toRows(step.value);
    await writeTableFile(path, neighbourColumns, (append) => append(rows));
  }
  await rename(parts, whole);
}

const prepare = (interactions: Interactions, method: NeighbourMethod): NeighbourSource =>
  method.name === 'rp3beta' ? prepareRp3beta(interactions, method) : prepareItemKnn(interactions, method);

function toRows(lists: NeighbourLists) {
  const item = new Int32Array(lists.items.length);
  for (let at = 0; at < countLists(lists); at += 1)
    item.fill(lists.firstItem + at, lists.starts[at], lists.starts[at + 1]);
  return { item, other: Int32Array.from(lists.items), similarity: lists.similarities };
}

export const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
