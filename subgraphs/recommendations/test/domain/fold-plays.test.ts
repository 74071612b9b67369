import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { halfLifeMs } from '../../src/domain/decay.ts';
import { foldPlays, profileSizes, type ToldPlay } from '../../src/domain/fold-plays.ts';
import type { Liking, TasteProfile } from '../../src/domain/taste-profile.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const userId = 'user';
/** Two artists and two genres, by the number of the track. */
const creditsOf = (trackId: string) => {
  const number = Number(trackId.slice(1));
  return {
    artistIds: [`a${number % 30}`, `a${(number % 7) + 100}`],
    genreIds: [`g${number % 5}`, `g${(number % 3) + 10}`],
  };
};

let told = 0;
const aPlay = (play: Partial<ToldPlay> = {}): ToldPlay => {
  told += 1;
  return {
    eventId: `e${told}`,
    trackId: 't1',
    playedAt: now,
    signal: 1,
    context: null,
    place: { partition: 3, offset: BigInt(told) },
    toldAt: now,
    ...play,
  };
};
const fold = (plays: readonly ToldPlay[], profile: TasteProfile | null = null) =>
  foldPlays(profile, userId, plays, creditsOf);
const grown = (plays: readonly ToldPlay[], profile: TasteProfile | null = null): TasteProfile => {
  const after = fold(plays, profile);
  if (!after) throw new Error('expected a profile');
  return after;
};
const weightOf = (likings: readonly Liking[], id: string) => likings.find((one) => one.id === id)?.weight;

/** Plays as a log tells them: places rise, some are told twice, some come late. */
const toldPlays = (most: number) =>
  fc
    .array(
      fc.record({
        event: fc.integer({ min: 0, max: 2 * most }),
        track: fc.integer({ min: 0, max: 400 }),
        ageDays: fc.double({ min: 0, max: 400, noNaN: true }),
        signal: fc.double({ min: -1, max: 1, noNaN: true }),
      }),
      { minLength: 1, maxLength: most },
    )
    .map((plays) =>
      plays.map(
        ({ event, track, ageDays, signal }, index): ToldPlay => ({
          eventId: `e${event}`,
          trackId: `t${track}`,
          playedAt: Math.round(now - ageDays * 86_400_000),
          signal,
          context: null,
          place: { partition: 3, offset: BigInt(10 * index) },
          toldAt: now + index,
        }),
      ),
    );

const withoutVersion = ({ version: _, ...rest }: TasteProfile) => rest;
const allWeights = (profile: TasteProfile) =>
  [profile.tracks, profile.artists, profile.genres].flatMap((likings) => likings.map(({ weight }) => weight));

describe('a taste profile', () => {
  it('is the same however its plays are split into batches', () => {
    fc.assert(
      fc.property(toldPlays(120), fc.array(fc.nat(120), { maxLength: 8 }), (plays, cuts) => {
        const bounds = [0, ...cuts.map((cut) => cut % plays.length).sort((a, b) => a - b), plays.length];
        let profile: TasteProfile | null = null;
        for (const [index, from] of bounds.entries())
          profile = fold(plays.slice(from, bounds[index + 1] ?? plays.length), profile);
        expect(profile && withoutVersion(profile)).toEqual(withoutVersion(grown(plays)));
      }),
      { numRuns: 60 },
    );
  });

  it('is changed by no replay, of the last plays or of all', () => {
    fc.assert(
      fc.property(toldPlays(120), fc.nat(120), (plays, from) => {
        const profile = grown(plays);
        expect(fold(plays.slice(from % plays.length), profile)).toBe(profile);
      }),
      { numRuns: 60 },
    );
  });

  it('holds numbers, and no more than it may, whatever is played', () => {
    fc.assert(
      fc.property(toldPlays(700), (plays) => {
        const profile = grown(plays);
        for (const weight of allWeights(profile)) expect(Number.isFinite(weight)).toBe(true);
        expect(profile.tracks.length).toBeLessThanOrEqual(1.5 * profileSizes.tracks);
        expect(profile.artists.length).toBeLessThanOrEqual(1.5 * profileSizes.artists);
        expect(profile.genres.length).toBeLessThanOrEqual(1.5 * profileSizes.genres);
        expect(profile.recent.length).toBeLessThanOrEqual(profileSizes.recent);
        expect(profile.taken.length).toBeLessThanOrEqual(profileSizes.taken);
        const played = profile.recent.map(({ playedAt }) => playedAt);
        expect(played).toEqual(played.toSorted((one, other) => other - one));
      }),
      { numRuns: 20 },
    );
  });

  it('hardly depends on the order in which plays are told', () => {
    fc.assert(
      fc.property(toldPlays(60), (plays) => {
        const distinct = plays.filter(
          ({ eventId }, index) => plays.findIndex((play) => play.eventId === eventId) === index,
        );
        const [one, other] = [distinct, distinct.toReversed()].map((order) =>
          grown(order.map((play) => ({ ...play, place: null, toldAt: now + 1_000 }))),
        );
        for (const kind of ['tracks', 'artists', 'genres'] as const) {
          const ids = new Set([...(one?.[kind] ?? []), ...(other?.[kind] ?? [])].map(({ id }) => id));
          for (const id of ids) {
            const [a = 0, b = 0] = [one, other].map((profile) => weightOf(profile?.[kind] ?? [], id));
            // What is below a hundredth is forgotten, now by the one and then by the other: at most once a play.
            expect(Math.abs(a - b)).toBeLessThan(0.1);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('halves what a play says with each half-life', () => {
    const first = grown([aPlay({ trackId: 't1' })]);
    const later = { playedAt: now + halfLifeMs, toldAt: now + halfLifeMs };
    const profile = grown([aPlay({ trackId: 't2', ...later })], first);
    expect(weightOf(profile.tracks, 't1')).toBeCloseTo(0.5, 12);
    expect(weightOf(profile.tracks, 't2')).toBe(1);
    const late = grown([aPlay({ trackId: 't3', playedAt: now, toldAt: later.toldAt })], profile);
    expect(weightOf(late.tracks, 't3')).toBeCloseTo(0.5, 12);
    expect(late.decayedTo).toBe(later.playedAt);
  });

  it('counts skips against the artist and the genre too, though less', () => {
    const { tracks, artists, genres } = grown([aPlay({ trackId: 't1', signal: -1 })]);
    expect(weightOf(tracks, 't1')).toBe(-1);
    expect(weightOf(artists, 'a1')).toBe(-0.5);
    expect(weightOf(artists, 'a101')).toBe(-0.25);
    expect(weightOf(genres, 'g1')).toBe(-0.125);
  });

  it('takes a play once that a client tells again, and is past its second place', () => {
    const play = aPlay({ place: { partition: 3, offset: 7n } });
    const profile = grown([play, aPlay({ place: { partition: 3, offset: 8n } })]);
    const again = grown([{ ...play, place: { partition: 3, offset: 9n }, toldAt: now + 5 }], profile);
    expect(again).toMatchObject({ tracks: profile.tracks, recent: profile.recent, asOf: now + 5 });
    expect(again.positions).toEqual({ 3: '10' });
  });

  it('takes what is sent again from the dead letters, once', () => {
    const profile = grown([aPlay()]);
    const buried = aPlay({ trackId: 't9', place: null, toldAt: now + 60_000 });
    const after = grown([buried], profile);
    expect(weightOf(after.tracks, 't9')).toBe(1);
    expect(after.positions).toEqual(profile.positions);
    expect(grown([buried], after).tracks).toEqual(after.tracks);
  });

  it('goes on with a log that begins anew at 0', () => {
    const profile = grown([aPlay({ place: { partition: 3, offset: 4_711n } })]);
    const anew = aPlay({ trackId: 't2', place: { partition: 3, offset: 0n }, toldAt: now + 1_000 });
    const after = grown([anew], profile);
    expect(weightOf(after.tracks, 't2')).toBe(1);
    expect(after.positions).toEqual({ 3: '1' });
  });

  it('gives artists and genres their share of a track that nobody knew, when something else is played', () => {
    const plays = [aPlay({ trackId: 't1' }), aPlay({ trackId: 't2' })];
    const blind = foldPlays(null, userId, plays.slice(0, 1), () => null);
    expect(blind?.artists).toEqual([]);
    expect(blind?.recent).toMatchObject([{ credited: false }]);
    const profile = grown(plays.slice(1), blind);
    expect(withoutVersion(profile)).toEqual(withoutVersion(grown(plays)));
  });

  it('does not let a clock that is ahead age all the rest', () => {
    const profile = grown([aPlay({ trackId: 't1' })]);
    const ahead = grown([aPlay({ trackId: 't2', playedAt: now + 400 * 86_400_000 })], profile);
    expect(ahead.decayedTo).toBe(now);
    expect(weightOf(ahead.tracks, 't1')).toBe(1);
  });

  it('lets somebody new grow where all places are taken by what was played for long', () => {
    const old = Array.from({ length: 3 * profileSizes.tracks }, (_, index) =>
      aPlay({ trackId: `t${index % 250}`, playedAt: now - 1_000 }),
    );
    const profile = grown([...old, ...Array.from({ length: 10 }, () => aPlay({ trackId: 't999' }))]);
    expect(profile.tracks[0]?.id).toBe('t999');
  });

  it('raises its version by one, and is itself when there is nothing new', () => {
    const profile = grown([aPlay(), aPlay()]);
    expect(profile.version).toBe(1);
    expect(grown([aPlay()], profile).version).toBe(2);
    expect(fold([], profile)).toBe(profile);
    expect(fold([])).toBeNull();
  });
});
