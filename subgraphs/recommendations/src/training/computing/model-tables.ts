import type { FactorTable, NeighbourTable } from '../../domain/training-engine.ts';
import type { NeighbourLists } from '../../models/neighbour-lists.ts';
import { factorColumns, neighbourColumns, readTable, TableError } from './table-files.ts';

/** What neighbours an engine found, for all items. Takes 8 bytes a neighbour, twice as many while they are read. */
export async function readNeighbourLists(
  { folder }: NeighbourTable,
  itemCount: number,
): Promise<NeighbourLists> {
  const starts = new Uint32Array(itemCount + 1);
  let [items, similarities] = [new Uint32Array(1 << 16), new Float32Array(1 << 16)];
  let [filled, lastItem] = [0, -1];
  for await (const rows of readTable(folder, neighbourColumns)) {
    const { item, other, similarity } = rows;
    if (filled + item.length > items.length) {
      const room = 2 * (filled + item.length);
      items = grow(items, new Uint32Array(room));
      similarities = grow(similarities, new Float32Array(room));
    }
    items.set(other, filled);
    similarities.set(similarity, filled);
    filled += item.length;
    for (const current of item) {
      if (current < lastItem || current >= itemCount)
        throw new TableError(`${folder}: item ${current} is out of order, or out of range`);
      lastItem = current;
      starts[current + 1] = (starts[current + 1] as number) + 1;
    }
  }
  for (let item = 0; item < itemCount; item += 1)
    starts[item + 1] = (starts[item + 1] as number) + (starts[item] as number);
  return {
    firstItem: 0,
    starts,
    items: items.slice(0, filled),
    similarities: similarities.slice(0, filled),
  };
}

/** Factors of all items, row after row; 0 for those that have none. */
export async function readFactors({ folder, rank }: FactorTable, itemCount: number): Promise<Float32Array> {
  const factors = new Float32Array(itemCount * rank);
  for await (const rows of readTable(folder, factorColumns(rank))) {
    const items = rows.item;
    for (let place = 0; place < rank; place += 1) {
      const values = rows[`f${place}`] as Float32Array;
      for (const [at, item] of items.entries()) factors[item * rank + place] = values[at] as number;
    }
  }
  return factors;
}

function grow<Values extends Uint32Array | Float32Array>(from: Values, to: Values): Values {
  to.set(from);
  return to;
}
