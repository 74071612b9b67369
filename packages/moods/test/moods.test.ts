import { describe, expect, it } from 'vitest';
import { type AudioFeatures, moodStrengths, moods, moodsOf } from '../src/index.ts';

const middling: AudioFeatures = {
  tempoBpm: 110,
  energy: 0.5,
  valence: 0.5,
  danceability: 0.5,
  acousticness: 0.4,
  instrumentalness: 0.1,
};
const slugsOf = (features: Partial<AudioFeatures>) =>
  moodsOf({ ...middling, ...features }).map(({ slug }) => slug);

describe('moods', () => {
  it('has the four corners of the circumplex', () => {
    expect(slugsOf({ valence: 0.95, energy: 0.75 })[0]).toBe('happy');
    expect(slugsOf({ valence: 0.1, energy: 0.97 })[0]).toBe('angry');
    expect(slugsOf({ valence: 0.08, energy: 0.2 })[0]).toBe('sad');
    expect(slugsOf({ valence: 0.6, energy: 0.1 })[0]).toBe('calm');
  });

  it('tells by what else is measured', () => {
    expect(slugsOf({ valence: 0.8, energy: 0.9, danceability: 0.9 })).toContain('party');
    expect(slugsOf({ energy: 0.95, tempoBpm: 150 })).toContain('workout');
    expect(slugsOf({ instrumentalness: 0.95, energy: 0.35 })).toContain('focus');
    expect(slugsOf({ instrumentalness: 0.95, energy: 0.85, danceability: 0.2 })).toContain('epic');
  });

  it('finds one to three for whatever is measured, the most typical first', () => {
    const shares = [0, 0.25, 0.5, 0.75, 1];
    for (const energy of shares)
      for (const valence of shares)
        for (const instrumentalness of [0, 1])
          for (const tempoBpm of [20, 300]) {
            const features = { ...middling, energy, valence, instrumentalness, tempoBpm };
            const found = moodsOf(features);
            expect(found.length).toBeGreaterThanOrEqual(1);
            expect(found.length).toBeLessThanOrEqual(3);
            const strengths = moodStrengths(features);
            const inOrder = found.map((mood) => strengths[moods.indexOf(mood)] as number);
            expect(inOrder).toEqual([...inOrder].sort((one, other) => other - one));
            expect(inOrder[0]).toBe(Math.max(...strengths));
          }
  });

  it('has each mood for something, named in words that make URLs', () => {
    expect(moods).toHaveLength(12);
    expect(new Set(moods.map(({ slug }) => slug)).size).toBe(12);
    for (const { slug, name, description } of moods) {
      expect(slug).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(name).not.toBe('');
      expect(description).toMatch(/\.$/);
    }
  });
});
