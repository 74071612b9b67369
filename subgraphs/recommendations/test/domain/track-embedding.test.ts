import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AudioFeatures } from '../../src/domain/catalog-facts.ts';
import { createTrackEmbedding, dot } from '../../src/domain/track-embedding.ts';

const genres = [
  { id: 'electronic', parentId: null },
  { id: 'house', parentId: 'electronic' },
  { id: 'deep-house', parentId: 'house' },
  { id: 'techno', parentId: 'electronic' },
  { id: 'rock', parentId: null },
];
const middling: AudioFeatures = {
  tempoBpm: 120,
  energy: 0.5,
  valence: 0.5,
  danceability: 0.5,
  acousticness: 0.5,
  instrumentalness: 0.5,
};
const embedding = createTrackEmbedding(genres);
const { embed, genreLikeness } = embedding;
const alike = (one: Partial<AudioFeatures>, other: Partial<AudioFeatures>) =>
  dot(
    embed({ genreIds: ['house'], features: { ...middling, ...one } }),
    embed({ genreIds: ['house'], features: { ...middling, ...other } }),
  );

const share = fc.double({ min: 0, max: 1, noNaN: true });
const anyFeatures = fc.record({
  tempoBpm: fc.double({ min: 20, max: 300, noNaN: true }),
  energy: share,
  valence: share,
  danceability: share,
  acousticness: share,
  instrumentalness: share,
});
const anyTrack = fc.record({
  genreIds: fc.uniqueArray(fc.constantFrom('electronic', 'house', 'deep-house', 'techno', 'rock', 'unknown')),
  features: fc.option(anyFeatures),
});

describe('the embedding of a track', () => {
  it('is of length 1, and most like itself, whatever the track is', () => {
    fc.assert(
      fc.property(anyTrack, anyTrack, (one, other) => {
        const [vector, far] = [embed(one), embed(other)];
        expect(vector).toHaveLength(embedding.length);
        const known = one.features !== null || one.genreIds.length > 0;
        expect(dot(vector, vector)).toBeCloseTo(known ? 1 : 0, 5);
        expect(Math.abs(dot(vector, far))).toBeLessThanOrEqual(1 + 1e-6);
        expect(dot(vector, far)).toBeCloseTo(dot(far, vector), 9);
      }),
    );
  });

  it('is the less alike the farther features lie apart', () => {
    for (const feature of ['energy', 'danceability', 'acousticness', 'instrumentalness'] as const) {
      const steps = [0, 0.2, 0.4, 0.6].map((value) => alike({ [feature]: 0 }, { [feature]: value }));
      expect(steps).toEqual(steps.toSorted((one, other) => other - one));
      expect(steps[0]).toBeCloseTo(1, 5);
    }
  });

  it('takes half the tempo for nearer than what lies between', () => {
    expect(alike({ tempoBpm: 70 }, { tempoBpm: 140 })).toBeGreaterThan(
      alike({ tempoBpm: 70 }, { tempoBpm: 105 }),
    );
    expect(alike({ tempoBpm: 120 }, { tempoBpm: 122 })).toBeGreaterThan(
      alike({ tempoBpm: 120 }, { tempoBpm: 128 }),
    );
  });

  it('knows how genres belong together', () => {
    const toDeepHouse = ['deep-house', 'house', 'electronic', 'techno', 'rock'].map((genre) =>
      genreLikeness(['deep-house'], [genre]),
    );
    // Itself, its parent, the parent of that, a cousin, a stranger.
    expect(toDeepHouse[0]).toBeCloseTo(1, 5);
    expect(toDeepHouse[1]).toBeGreaterThan(0.6);
    expect(toDeepHouse[1]).toBeGreaterThan(toDeepHouse[2] as number);
    expect(toDeepHouse[3]).toBeGreaterThan(0.15);
    expect(toDeepHouse[4]).toBeCloseTo(0, 5);
  });

  it('goes by the most typical genre above all', () => {
    expect(genreLikeness(['rock', 'techno'], ['rock'])).toBeGreaterThan(
      genreLikeness(['rock', 'techno'], ['techno']),
    );
    expect(genreLikeness([], ['rock'])).toBe(0);
  });

  it('goes by genres where nothing was measured, and by sound where there is no genre', () => {
    const bare = embed({ genreIds: ['house'], features: null });
    expect(dot(bare, embed({ genreIds: ['house'], features: null }))).toBeCloseTo(1, 5);
    expect(dot(bare, embed({ genreIds: ['house'], features: middling }))).toBeGreaterThan(
      dot(bare, embed({ genreIds: ['rock'], features: middling })),
    );
    expect(
      dot(embed({ genreIds: [], features: middling }), embed({ genreIds: [], features: middling })),
    ).toBeCloseTo(1, 5);
  });

  it('ends where genres are told in circles', () => {
    const circle = createTrackEmbedding([
      { id: 'hen', parentId: 'egg' },
      { id: 'egg', parentId: 'hen' },
    ]);
    expect(circle.genreLikeness(['hen'], ['egg'])).toBeGreaterThan(0.5);
  });

  it('keeps strangers apart where there are thousands of genres', () => {
    const many = createTrackEmbedding(
      Array.from({ length: 3_000 }, (_, number) => ({ id: `genre ${number}`, parentId: null })),
    );
    const likeness = Array.from({ length: 500 }, (_, number) =>
      many.genreLikeness(['genre 0'], [`genre ${number + 1}`]),
    );
    const mean = likeness.reduce((sum, value) => sum + Math.abs(value), 0) / likeness.length;
    expect(mean).toBeLessThan(0.15);
    expect(Math.max(...likeness)).toBeLessThan(0.6);
    expect(many.genreLikeness(['genre 7'], ['genre 7'])).toBeCloseTo(1, 5);
  });
});
