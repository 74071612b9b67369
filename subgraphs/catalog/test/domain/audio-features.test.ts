import { describe, expect, it } from 'vitest';
import { toAudioFeatures } from '../../src/domain/audio-features.ts';

const measured = {
  tempoBpm: 118.21149,
  energy: 0.5,
  valence: 0.12345,
  danceability: 1,
  acousticness: 0.0000143,
  instrumentalness: 0,
};

describe('audio features', () => {
  it('are kept to three decimals, in one order', () => {
    const kept = toAudioFeatures(Object.fromEntries(Object.entries(measured).reverse()) as typeof measured);
    expect(JSON.stringify(kept)).toBe(
      '{"tempoBpm":118.211,"energy":0.5,"valence":0.123,"danceability":1,"acousticness":0,"instrumentalness":0}',
    );
  });

  it.each([
    ['tempoBpm', 19.99],
    ['tempoBpm', 301],
    ['energy', -0.001],
    ['valence', 1.001],
    ['danceability', Number.NaN],
    ['acousticness', Number.POSITIVE_INFINITY],
  ])('are refused where %s is %d', (feature, value) => {
    expect(() => toAudioFeatures({ ...measured, [feature]: value })).toThrow(`${feature} must be`);
  });
});
