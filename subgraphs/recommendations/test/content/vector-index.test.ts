import { describe, expect, it } from 'vitest';
import { bestFirst } from '../../src/content/best-first.ts';
import { createVectorIndex, type VectorIndex } from '../../src/content/vector-index.ts';
import { createGaussian, createRandom } from '../../src/models/random.ts';

const length = 24;

/** Vectors of length 1 around some directions, as tracks are around genres. */
function createVectors(count: number, groups: number): Float32Array {
  const gaussian = createGaussian(3);
  const random = createRandom(4);
  const centres = Float32Array.from({ length: groups * length }, gaussian);
  const vectors = new Float32Array(count * length);
  for (let item = 0; item < count; item += 1) {
    const group = Math.floor(random() * groups);
    const vector = Array.from(
      { length },
      (_, at) => (centres[group * length + at] as number) + 0.5 * gaussian(),
    );
    const norm = Math.hypot(...vector);
    vectors.set(
      vector.map((value) => value / norm),
      item * length,
    );
  }
  return vectors;
}

/** Looks at a sixth of all, as a list of 30 does. */
const nearest = (index: VectorIndex, vector: Float32Array, count: number) =>
  [...bestFirst(index.around(vector, 2_000))].slice(0, count);

const vectorOf = (vectors: Float32Array, item: number) =>
  vectors.subarray(item * length, (item + 1) * length);

function nearestByLookingAtAll(vectors: Float32Array, item: number, count: number): number[] {
  const vector = vectorOf(vectors, item);
  return Array.from({ length: vectors.length / length }, (_, other) => ({
    other,
    score: vectorOf(vectors, other).reduce((sum, value, at) => sum + value * (vector[at] as number), 0),
  }))
    .sort((one, other) => other.score - one.score)
    .slice(0, count)
    .map(({ other }) => other);
}

describe('the index of vectors', () => {
  it('finds exactly the nearest of few', () => {
    const vectors = createVectors(500, 5);
    const index = createVectorIndex(vectors, length);
    for (const item of [0, 7, 499]) {
      const found = nearest(index, vectorOf(vectors, item), 10);
      expect(found.map((near) => near.item)).toEqual(nearestByLookingAtAll(vectors, item, 10));
      expect(found[0]).toEqual({ item, score: expect.closeTo(1, 5) });
    }
  });

  it('finds nearly all of the nearest of many, the same each time', () => {
    const vectors = createVectors(12_000, 30);
    const index = createVectorIndex(vectors, length);
    let [found, wanted] = [0, 0];
    for (let item = 5; item < 12_000; item += 600) {
      const exact = nearestByLookingAtAll(vectors, item, 30);
      const near = new Set(nearest(index, vectorOf(vectors, item), 30).map((hit) => hit.item));
      found += exact.filter((other) => near.has(other)).length;
      wanted += exact.length;
    }
    expect(found / wanted).toBeGreaterThan(0.95);
    const again = createVectorIndex(vectors, length);
    expect(nearest(again, vectorOf(vectors, 77), 30)).toEqual(nearest(index, vectorOf(vectors, 77), 30));
  });

  it('finds nothing for what points nowhere, and never finds it', () => {
    const vectors = createVectors(10, 1);
    vectors.fill(0, 0, length);
    const index = createVectorIndex(vectors, length);
    expect(nearest(index, vectorOf(vectors, 0), 5)).toEqual([]);
    expect(nearest(index, vectorOf(vectors, 1), 20).map(({ item }) => item)).not.toContain(0);
  });

  it('takes none at all', () => {
    expect(nearest(createVectorIndex(new Float32Array(), length), new Float32Array(length), 3)).toEqual([]);
  });
});
