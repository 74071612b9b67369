import { createRandom } from '../models/random.ts';

/** Vectors by their numbers, with the cosine to the one that was asked about, more than 0. In no order. */
export interface Around {
  readonly items: Uint32Array;
  readonly scores: Float32Array;
}

/** Finds vectors that point where another one does. */
export interface VectorIndex {
  /** What lies around a vector: the nearest ones, and others. @param atLeast of how many it looks whether they are near */
  around(vector: Float32Array, atLeast: number): Around;
}

/** So many vectors are all looked at. */
const fewVectors = 4_000;
const rounds = 6;
/** Vectors from which a cell learns where it lies. */
const learntFrom = 40;

/**
 * Many vectors are put into cells, as many as the root of their number, by k-means on the sphere; a search looks through the cells that
 * lie nearest (an inverted file; J. Sivic and A. Zisserman, Video Google, 2003). What lies behind the edge of these is missed; how much
 * that is, `bench:content` tells. The same vectors give the same cells on every machine.
 * @param vectors one after the other, each of length 1 or all 0, which are never found; kept, not copied
 */
export function createVectorIndex(vectors: Float32Array, length: number): VectorIndex {
  const count = vectors.length / length;
  if (count <= fewVectors) {
    const all = Uint32Array.from({ length: count }, (_, item) => item);
    return { around: (vector) => lookThrough(vectors, length, vector, [all], count) };
  }
  const cellCount = Math.round(Math.sqrt(count));
  const centres = learnCentres(vectors, length, cellCount);
  const cells = fillCells(vectors, length, centres, cellCount);
  return {
    around(vector, atLeast) {
      const near = rank(centres, length, cellCount, vector);
      const looked: Uint32Array[] = [];
      let held = 0;
      for (let rank = 0; rank < cellCount && held < atLeast; rank += 1) {
        const cell = cells[near[rank] as number] as Uint32Array;
        looked.push(cell);
        held += cell.length;
      }
      return lookThrough(vectors, length, vector, looked, held);
    },
  };
}

function lookThrough(
  vectors: Float32Array,
  length: number,
  vector: Float32Array,
  cells: readonly Uint32Array[],
  most: number,
): Around {
  const items = new Uint32Array(most);
  const scores = new Float32Array(most);
  let found = 0;
  for (const cell of cells)
    for (let at = 0; at < cell.length; at += 1) {
      const item = cell[at] as number;
      const score = product(vectors, item * length, vector, 0, length);
      if (score <= 0) continue;
      items[found] = item;
      scores[found] = Math.min(1, score);
      found += 1;
    }
  return { items: items.subarray(0, found), scores: scores.subarray(0, found) };
}

function learnCentres(vectors: Float32Array, length: number, cellCount: number): Float32Array {
  const count = vectors.length / length;
  const random = createRandom(7);
  const drawn = Math.min(count, cellCount * learntFrom);
  // One from each of as many equal stretches: spread over all of them, and none twice.
  const sample = Uint32Array.from({ length: drawn }, (_, at) =>
    Math.floor(((at + random()) * count) / drawn),
  );
  const centres = new Float32Array(cellCount * length);
  for (let cell = 0; cell < cellCount; cell += 1) {
    const from = (sample[Math.floor((cell * drawn) / cellCount)] as number) * length;
    centres.set(vectors.subarray(from, from + length), cell * length);
  }
  for (let round = 0; round < rounds; round += 1) {
    const sums = new Float32Array(cellCount * length);
    for (const item of sample) {
      const cell = nearestCell(vectors, item * length, centres, cellCount, length);
      for (let at = 0; at < length; at += 1)
        sums[cell * length + at] =
          (sums[cell * length + at] as number) + (vectors[item * length + at] as number);
    }
    for (let cell = 0; cell < cellCount; cell += 1) {
      const norm = Math.sqrt(product(sums, cell * length, sums, cell * length, length));
      // An empty cell stays where it is.
      if (norm > 0)
        for (let at = 0; at < length; at += 1)
          centres[cell * length + at] = (sums[cell * length + at] as number) / norm;
    }
  }
  return centres;
}

function fillCells(
  vectors: Float32Array,
  length: number,
  centres: Float32Array,
  cellCount: number,
): Uint32Array[] {
  const count = vectors.length / length;
  const cellOf = new Uint32Array(count);
  const sizes = new Uint32Array(cellCount);
  for (let item = 0; item < count; item += 1) {
    const cell = nearestCell(vectors, item * length, centres, cellCount, length);
    cellOf[item] = cell;
    sizes[cell] = (sizes[cell] as number) + 1;
  }
  const cells = Array.from(sizes, (size) => new Uint32Array(size));
  const filled = new Uint32Array(cellCount);
  for (let item = 0; item < count; item += 1) {
    const cell = cellOf[item] as number;
    (cells[cell] as Uint32Array)[filled[cell] as number] = item;
    filled[cell] = (filled[cell] as number) + 1;
  }
  return cells;
}

function nearestCell(
  vectors: Float32Array,
  from: number,
  centres: Float32Array,
  cellCount: number,
  length: number,
): number {
  let nearest = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let cell = 0; cell < cellCount; cell += 1) {
    const score = product(centres, cell * length, vectors, from, length);
    if (score > most) {
      most = score;
      nearest = cell;
    }
  }
  return nearest;
}

/** The cells by how near they lie. */
function rank(centres: Float32Array, length: number, cellCount: number, vector: Float32Array): Uint32Array {
  const scores = new Float32Array(cellCount);
  for (let cell = 0; cell < cellCount; cell += 1)
    scores[cell] = product(centres, cell * length, vector, 0, length);
  return Uint32Array.from({ length: cellCount }, (_, cell) => cell).sort(
    (one, other) => (scores[other] as number) - (scores[one] as number) || one - other,
  );
}

/** Four sums at a time: one would wait for itself. */
function product(
  one: Float32Array,
  from: number,
  other: Float32Array,
  otherFrom: number,
  length: number,
): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  let at = 0;
  for (; at + 3 < length; at += 4) {
    first += (one[from + at] as number) * (other[otherFrom + at] as number);
    second += (one[from + at + 1] as number) * (other[otherFrom + at + 1] as number);
    third += (one[from + at + 2] as number) * (other[otherFrom + at + 2] as number);
    fourth += (one[from + at + 3] as number) * (other[otherFrom + at + 3] as number);
  }
  for (; at < length; at += 1) first += (one[from + at] as number) * (other[otherFrom + at] as number);
  return first + second + third + fourth;
}
