import { describe, expect, it } from 'vitest';
import { type ContentTrack, createTrackContent } from '../../src/content/track-content.ts';

const genres = [
  { id: 'metal', parentId: 'rock' },
  { id: 'rock', parentId: null },
  { id: 'ambient', parentId: null },
];
const loud = {
  tempoBpm: 150,
  energy: 0.95,
  valence: 0.2,
  danceability: 0.3,
  acousticness: 0.02,
  instrumentalness: 0.1,
};
const quiet = { ...loud, tempoBpm: 70, energy: 0.1, acousticness: 0.9, instrumentalness: 0.95 };
const artistIds = ['anna', 'bert', 'cleo', 'dora'];
const track = (title: string, artist: string, rest: Partial<ContentTrack> = {}): ContentTrack => ({
  title,
  popularity: 50,
  artistIds: [artist],
  genreIds: ['metal'],
  features: loud,
  ...rest,
});
const near = (energy: number) => ({ ...loud, energy });

describe('what sounds alike', () => {
  it('is the most alike first, and never the track itself', () => {
    const tracks = [
      track('one', 'anna'),
      track('two', 'bert', { features: near(0.9) }),
      track('three', 'cleo', { features: near(0.7) }),
      track('quiet', 'dora', { features: quiet, genreIds: ['ambient'] }),
    ];
    const content = createTrackContent(tracks, artistIds, genres);
    expect(content.alikeTracks(0, 10).map(({ item }) => item)).toEqual([1, 2]);
    expect(content.alikeTracks(0, 1).map(({ item }) => item)).toEqual([1]);
    for (const { score } of content.alikeTracks(0, 10)) {
      expect(score).toBeGreaterThan(0.5);
      expect(score).toBeLessThanOrEqual(1);
    }
  });

  it('puts the more popular of two first that are as much alike', () => {
    const tracks = [
      track('one', 'anna'),
      track('rare', 'bert', { popularity: 1 }),
      track('hit', 'cleo', { popularity: 90 }),
      track('quiet hit', 'dora', { popularity: 100, features: quiet }),
    ];
    const found = createTrackContent(tracks, artistIds, genres).alikeTracks(0, 10);
    expect(found.map(({ item }) => tracks[item]?.title)).toEqual(['hit', 'rare', 'quiet hit']);
  });

  it('has at most two of one artist, the artist of the track as well', () => {
    const tracks = [
      ...Array.from({ length: 6 }, (_, number) => track(`anna ${number}`, 'anna')),
      ...Array.from({ length: 6 }, (_, number) => track(`bert ${number}`, 'bert', { features: near(0.8) })),
      track('cleo', 'cleo', { features: near(0.7) }),
    ];
    const found = createTrackContent(tracks, artistIds, genres).alikeTracks(0, 10);
    expect(found.map(({ item }) => tracks[item]?.artistIds[0])).toEqual([
      'anna',
      'anna',
      'bert',
      'bert',
      'cleo',
    ]);
  });

  it('has a recording once, on whatever release, and not that of the track itself', () => {
    const tracks = [
      track('Blue', 'anna'),
      track('blue', 'anna'),
      track('Red', 'bert'),
      track('Red', 'bert'),
      track('Red', 'cleo', { features: near(0.9) }),
    ];
    const found = createTrackContent(tracks, artistIds, genres).alikeTracks(0, 10);
    expect(found.map(({ item }) => item)).toEqual([2, 4]);
  });

  it('is nothing for a track of which nothing is known, and leaves it out of all lists', () => {
    const tracks = [
      track('one', 'anna'),
      track('mute', 'bert', { features: null, genreIds: [] }),
      track('two', 'cleo'),
    ];
    const content = createTrackContent(tracks, artistIds, genres);
    expect(content.alikeTracks(1, 10)).toEqual([]);
    expect(content.alikeTracks(0, 10).map(({ item }) => item)).toEqual([2]);
    expect(content.alikeArtists(1, 10)).toEqual([]);
  });

  it('tells artists by what their tracks are on the whole', () => {
    const tracks = [
      track('one', 'anna'),
      track('two', 'anna', { features: near(0.9) }),
      track('three', 'bert', { features: near(0.92) }),
      track('four', 'dora', { features: quiet, genreIds: ['ambient'] }),
      track('five', 'cleo', { genreIds: ['rock'], features: near(0.6) }),
      track('of nobody we know', 'zoe'),
    ];
    const content = createTrackContent(tracks, artistIds, genres);
    expect(content.alikeArtists(0, 10).map(({ item }) => artistIds[item])).toEqual(['bert', 'cleo']);
  });

  it('takes one track, and none', () => {
    expect(createTrackContent([track('one', 'anna')], artistIds, genres).alikeTracks(0, 5)).toEqual([]);
    expect(createTrackContent([], [], genres)).toBeDefined();
  });
});
