import { describe, expect, it } from 'vitest';
import { taxonomySlugs, widerGenres } from '../../src/domain/genre-taxonomy.ts';
import { sampleGenres } from '../../src/sample/genres.ts';

describe('the taxonomy of genres', () => {
  it('knows the wider genres of one, the nearest first', () => {
    expect(widerGenres('deep-house')).toEqual(['house', 'electronic']);
    expect(widerGenres('rock')).toEqual([]);
    expect(widerGenres('never-heard-of')).toEqual([]);
  });

  it('has each genre once, by a slug that makes a URL, and no circles', () => {
    expect(new Set(taxonomySlugs).size).toBe(taxonomySlugs.length);
    for (const slug of taxonomySlugs) {
      expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(widerGenres(slug)).not.toContain(slug);
    }
  });

  it('knows the genres of the sample', () => {
    expect(sampleGenres.map(({ slug }) => slug).filter((slug) => !taxonomySlugs.includes(slug))).toEqual([]);
  });
});
