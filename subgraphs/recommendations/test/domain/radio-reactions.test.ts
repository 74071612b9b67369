import { describe, expect, it } from 'vitest';
import type { TrackFacts } from '../../src/domain/catalog-facts.ts';
import type { Neighbour } from '../../src/domain/models.ts';
import { pullOf, readReactions } from '../../src/domain/radio-reactions.ts';
import type { RecentPlay, TasteProfile } from '../../src/domain/taste-profile.ts';

const minute = 60_000;
const now = Date.UTC(2026, 10, 23, 12);
const play = (trackId: string, minutesAgo: number, signal: number): RecentPlay => ({
  eventId: `${trackId} ${minutesAgo}`,
  trackId,
  signal,
  playedAt: now - minutesAgo * minute,
  credited: true,
  context: null,
});
const profile = (recent: readonly RecentPlay[]): TasteProfile => ({
  userId: 'ann',
  version: 1,
  decayedTo: now,
  tracks: [],
  artists: [],
  genres: [],
  recent,
  taken: [],
  positions: {},
  asOf: now,
});
const track = (id: string, ...artistIds: string[]): TrackFacts => ({
  id,
  artistIds,
  title: id,
  explicit: false,
  withdrawn: false,
  popularity: 0,
  albumId: null,
  genreIds: [],
  features: null,
  markets: new Set(),
});
const alike = (id: string, score: number): Neighbour => ({ id, score, reason: 'LISTENED_TOGETHER' });

/** What plays since the beginning of a radio do to tracks of the artist `a`, of others, and to a neighbour. */
function pulls(plays: readonly RecentPlay[]) {
  const reactions = readReactions(profile(plays), now - 30 * minute, now);
  const known = new Map(plays.map(({ trackId }) => [trackId, track(trackId, 'a')]));
  const pull = pullOf(reactions, known, new Map(plays.map(({ trackId }) => [trackId, [alike('near', 0.8)]])));
  return {
    same: pull(track('same', 'a')),
    guest: pull(track('guest', 'b', 'a')),
    near: pull(track('near', 'c')),
    far: pull(track('far', 'd')),
  };
}

describe('reactions to a radio', () => {
  it('push down the artist and the neighbours of what was skipped, and nobody else', () => {
    const { same, guest, near, far } = pulls([play('x', 1, -1)]);
    expect(same).toBe(-2.5);
    expect(guest).toBe(-2.5);
    expect(near).toBeCloseTo(-1.2);
    expect(far).toBe(0);
  });

  it('pull up the artist and the neighbours of what was heard, less than a skip pushes', () => {
    const { same, near } = pulls([play('x', 1, 1)]);
    expect(same).toBe(0.8);
    expect(near).toBeCloseTo(0.8);
  });

  it('add up, within bounds, and the last one counts the most', () => {
    const many = Array.from({ length: 20 }, (_, index) => play(`x${index}`, index, -1));
    expect(pulls(many).same).toBe(-6);
    expect(pulls(many.map((each) => ({ ...each, signal: 1 }))).same).toBe(2);
    expect(pulls([play('x', 1, 1), play('y', 2, -1)]).same).toBeCloseTo(0.8 - 2.25);
    expect(pulls([play('x', 1, -0.5)]).same).toBe(-1.25);
  });

  it('begin with the radio; what was skipped before is not played either, and what was played has a pause of twelve hours', () => {
    const reactions = readReactions(
      profile([
        play('now', 1, 1),
        play('before', 40, 1),
        play('skipped', 41, -1),
        play('long ago', 13 * 60, -0.1),
      ]),
      now - 30 * minute,
      now,
    );
    expect(reactions.sinceBegin.map(({ trackId }) => trackId)).toEqual(['now']);
    expect(reactions.liked).toEqual(['now']);
    expect(reactions.skipped).toEqual(new Set(['skipped', 'long ago']));
    expect(reactions.played).toEqual(new Set(['now', 'before', 'skipped']));
  });

  it('are the last twenty, so that a page costs the same after a day of skipping', () => {
    const many = Array.from({ length: 100 }, (_, index) => play(`x${index}`, index / 10, -1));
    expect(readReactions(profile(many), now - 30 * minute, now).sinceBegin).toHaveLength(20);
  });
});
