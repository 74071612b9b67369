import { audioQualities } from '@medley/signed-url';
import { describe, expect, it } from 'vitest';
import { pieceFor, pieces } from '../src/index.ts';

const ids = Array.from({ length: 12_000 }, (_, index) => `track_${String(index).padStart(26, '0')}`);

describe('the pool of pieces', () => {
  it('is numbered from 1, and each piece lasts 100 to 150 seconds', () => {
    expect(pieces.map(({ number }) => number)).toEqual(pieces.map((_, index) => index + 1));
    for (const { durationMs } of pieces) {
      expect(durationMs).toBeGreaterThanOrEqual(100_000);
      expect(durationMs).toBeLessThanOrEqual(150_000);
    }
  });

  it('grows with the quality, and fills three slices of 512 KB in NORMAL', () => {
    for (const { name, encodings } of pieces) {
      const sizes = audioQualities.map((quality) => encodings[quality].sizeBytes);
      expect(sizes, name).toEqual([...sizes].sort((left, right) => left - right));
      expect(new Set(sizes).size, name).toBe(sizes.length);
      expect(encodings.NORMAL.sizeBytes, name).toBeGreaterThan(2 * 512 * 1024);
    }
  });

  it('is within reach of -14 LUFS by a small gain', () => {
    for (const { name, gainDb } of pieces) expect(Math.abs(gainDb), name).toBeLessThan(6);
  });
});

describe('pieceFor', () => {
  it('gives a track the same piece every time', () => {
    expect(ids.map((id) => pieceFor(id).number)).toEqual(ids.map((id) => pieceFor(id).number));
    // Durations of sample tracks rest on these: a changed hash would give every track another length.
    expect(ids.slice(0, 8).map((id) => pieceFor(id).number)).toMatchInlineSnapshot(`
      [
        1,
        4,
        10,
        10,
        4,
        6,
        7,
        6,
      ]
    `);
  });

  it('spreads tracks evenly over the pool', () => {
    const counts = new Map<number, number>();
    for (const id of ids) counts.set(pieceFor(id).number, (counts.get(pieceFor(id).number) ?? 0) + 1);
    const fair = ids.length / pieces.length;
    expect(counts.size).toBe(pieces.length);
    for (const count of counts.values()) expect(Math.abs(count - fair)).toBeLessThan(fair * 0.15);
  });
});
