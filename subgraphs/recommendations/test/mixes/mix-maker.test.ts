import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { mayPlay } from '../../src/domain/catalog-facts.ts';
import type { Mix } from '../../src/domain/mixes.ts';
import { shownTracks } from '../../src/domain/shown-mix.ts';
import { artistOf, createListeners, genres, type Listeners, trackOf } from './listeners.ts';

const monday = new Date('2026-11-23T09:00:00Z');
const hours = (count: number) => new Date(monday.getTime() + count * 3_600_000);

let world: Listeners;
let now: Date;
beforeEach(() => {
  world = createListeners();
  now = monday;
});

/** Ann plays five artists of jazz and five of techno. */
function annListens() {
  for (let artist = 0; artist < 5; artist++) {
    for (let track = 0; track < 6; track++) {
      world.play('ann', 'jazz', artist, track, 1 + track);
      world.play('ann', 'techno', artist + 3, track, 3);
    }
  }
}
const maker = () => world.maker({ clock: () => now.getTime() });

async function make(user = 'ann'): Promise<readonly Mix[]> {
  await maker().makeIfDue(world.userId(user));
  return world.mixesOf(user, now);
}
const weekly = (mixes: readonly Mix[]) => mixes.find(({ kind }) => kind === 'DISCOVER_WEEKLY') as Mix;
const daily = (mixes: readonly Mix[]) => mixes.filter(({ kind }) => kind === 'DAILY_MIX');
const idsOf = ({ tracks }: Mix) => tracks.map(({ trackId }) => trackId);
const artistsOf = (trackId: string) => world.facts.tracks.get(trackId)?.artistIds ?? [];
const heard = (user = 'ann') => new Set(world.plays.get(world.userId(user))?.keys());

describe('Discover Weekly', () => {
  it('is music that was never heard, artists who were never heard first, at most two tracks of each', async () => {
    annListens();
    world.train();
    const mix = weekly(await make());
    expect(mix).toMatchObject({ slot: 1, title: 'Discover Weekly', artistIds: [] });
    expect(mix.model?.version).toBe(world.models.model?.version);
    const ids = idsOf(mix);
    expect(ids.length).toBeGreaterThanOrEqual(30);
    expect(ids.length).toBeLessThanOrEqual(60);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => heard().has(id))).toEqual([]);
    const known = new Set([...heard()].flatMap(artistsOf));
    const fresh = ids.map((id) => !artistsOf(id).some((artist) => known.has(artist)));
    expect(fresh[0]).toBe(true);
    expect(fresh).toEqual([...fresh].sort((one, other) => Number(other) - Number(one)));
    for (const artist of new Set(ids.flatMap(artistsOf)))
      expect(ids.filter((id) => artistsOf(id).includes(artist)).length).toBeLessThanOrEqual(2);
    // It is what she likes.
    const hers = ids.filter((id) => /^(jazz|techno) /.test(world.facts.tracks.get(id)?.title ?? ''));
    expect(hers.length).toBeGreaterThanOrEqual(20);
    expect(mix.tracks[0]).toMatchObject({ reason: 'LISTENED_TOGETHER' });
    expect(['TRACK', 'ARTIST']).toContain(mix.tracks[0]?.because?.kind);
    expect(mix.description).toContain('jazz 0');
  });

  it('shows thirty where some of it may not be played, as long as there are enough', async () => {
    // Every other track is licensed elsewhere only.
    for (const [id, track] of world.facts.tracks)
      if (Number(track.title.split(' ')[2]) % 2 === 1)
        world.facts.tracks.set(id, { ...track, markets: new Set(['US']) });
    for (let artist = 0; artist < 8; artist++) world.play('ann', 'jazz', artist, 0, 5);
    world.train();
    const mix = weekly(await make());
    const tracks = idsOf(mix).flatMap((id) => world.facts.tracks.get(id) ?? []);
    const playable = tracks.filter((track) => mayPlay(track, { market: 'DE', explicit: true }));
    expect(playable.length).toBeGreaterThanOrEqual(30);
    const shown = shownTracks(mix, tracks, { market: 'DE', explicit: true });
    expect(shown).toHaveLength(30);
  });

  it('stays as it is until Monday, and then is another one', async () => {
    annListens();
    world.train();
    const first = weekly(await make());
    expect(first.fixedUntil).toEqual(new Date('2026-11-30T00:00:00Z'));
    now = hours(3 * 24);
    for (const id of idsOf(first).slice(0, 5)) world.plays.get(world.userId('ann'))?.set(id, 1);
    expect(weekly(await make())).toEqual(first);
    now = hours(7 * 24);
    const next = weekly(await make());
    expect(next.id).not.toBe(first.id);
    expect(next.fixedUntil).toEqual(new Date('2026-12-07T00:00:00Z'));
    // What she was shown and did not play is not shown again as long as there is other music.
    const again = idsOf(next).filter((id) => idsOf(first).includes(id));
    expect(again.length).toBeLessThan(15);
    expect(idsOf(next).filter((id) => heard().has(id))).toEqual([]);
  });

  it('is the same whoever makes it, and however often', async () => {
    annListens();
    world.train();
    const mixes = await make();
    world.saved.clear();
    expect(await make()).toEqual(mixes);
  });

  it('leaves out what the account skips', async () => {
    annListens();
    world.train();
    const disliked = artistOf('jazz', 6);
    world.profiles.set(world.userId('ann'), {
      ...{ userId: world.userId('ann'), version: 1, decayedTo: 0, recent: [], taken: [], positions: {} },
      ...{ tracks: [{ id: trackOf('jazz', 7, 0), weight: -1 }], genres: [] },
      ...{ artists: [{ id: disliked, weight: -2 }], asOf: monday.getTime() - 1_000 },
    });
    const mixes = await make();
    for (const mix of mixes) {
      expect(idsOf(mix).flatMap(artistsOf)).not.toContain(disliked);
      expect(idsOf(mix)).not.toContain(trackOf('jazz', 7, 0));
    }
    expect(weekly(mixes).asOf).toEqual(hours(0 - 1 / 3_600));
  });

  it('is made without a model too, of what is popular in the genres that are played', async () => {
    annListens();
    const mix = weekly(await make());
    expect(mix.model).toBeNull();
    expect(idsOf(mix).length).toBeGreaterThanOrEqual(30);
    expect(idsOf(mix).filter((id) => heard().has(id))).toEqual([]);
    expect(new Set(mix.tracks.map(({ reason }) => reason))).toContain('FITS_TASTE');
  });
});

describe('daily mixes', () => {
  it('are around artists who go together, each artist in one of them, familiar and new', async () => {
    annListens();
    world.train();
    const mixes = daily(await make());
    expect(mixes.map(({ title }) => title)).toEqual(['Daily Mix 1', 'Daily Mix 2']);
    const genreOf = (id: string) => world.facts.artists.get(id)?.name.split(' ')[0];
    for (const { artistIds } of mixes) expect(new Set(artistIds.map(genreOf)).size).toBe(1);
    const artists = mixes.map((mix) => new Set(idsOf(mix).flatMap(artistsOf)));
    expect([...(artists[0] ?? [])].filter((id) => artists[1]?.has(id))).toEqual([]);
    for (const mix of mixes) {
      const familiar = idsOf(mix).filter((id) => heard().has(id));
      expect(idsOf(mix)).toHaveLength(50);
      expect(familiar).toHaveLength(30);
      expect(mix.fixedUntil).toEqual(new Date('2026-11-24T00:00:00Z'));
      expect(mix.description).toMatch(/^(jazz|techno) \d+, .* and more\.$/);
      for (const { trackId, reason } of mix.tracks)
        expect(reason === 'PLAYED_BEFORE').toBe(heard().has(trackId));
    }
  });

  it('are others tomorrow, and stay for today', async () => {
    annListens();
    for (let artist = 0; artist < 5; artist++)
      for (let track = 0; track < 8; track++) world.play('ann', 'jazz', artist, track, 2);
    world.train();
    const today = daily(await make());
    now = hours(10);
    expect(daily(await make())).toEqual(today);
    now = hours(24);
    const tomorrow = daily(await make());
    expect(tomorrow.map(({ id }) => id)).not.toEqual(today.map(({ id }) => id));
    expect(idsOf(tomorrow[0] as Mix)).not.toEqual(idsOf(today[0] as Mix));
  });

  it('are six at most', async () => {
    for (const genre of genres)
      for (let artist = 0; artist < 4; artist++)
        for (let track = 0; track < 5; track++) world.play('ann', genre, artist, track, 2);
    world.train();
    const mixes = daily(await make());
    expect(mixes).toHaveLength(6);
    expect(mixes.map(({ slot }) => slot)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('go by genre while nobody knows who listens to both', async () => {
    annListens();
    const mixes = daily(await make());
    expect(mixes).toHaveLength(2);
  });
});

describe('an account', () => {
  it('gets no mixes from too little: 20 plays of 5 artists are enough', async () => {
    world.train();
    expect(await make()).toEqual([]);
    for (let artist = 0; artist < 5; artist++) world.play('ann', 'jazz', artist, 0, 3);
    expect(await make()).toEqual([]);
    for (let artist = 0; artist < 4; artist++) world.play('bob', 'jazz', artist, 0, 10);
    expect(await make('bob')).toEqual([]);
    world.play('ann', 'jazz', 0, 1, 5);
    expect((await make()).length).toBeGreaterThan(0);
    expect(world.told).toHaveLength(1);
  });

  it('gets none where it has heard all there is', async () => {
    for (const { title } of world.facts.tracks.values()) {
      const [genre = '', artist, track] = title.split(' ');
      world.play('ann', genre, Number(artist), Number(track));
    }
    world.train();
    const mixes = await make();
    expect(weekly(mixes)).toBeUndefined();
    expect(daily(mixes).length).toBeGreaterThan(0);
  });

  it('gets none from an empty catalog', async () => {
    annListens();
    world.facts.tracks.clear();
    world.facts.artists.clear();
    expect(await make()).toEqual([]);
  });

  it('with any history gets mixes that keep their promises', async () => {
    world.train();
    const play = fc.record({
      genre: fc.constantFrom(...genres),
      artist: fc.integer({ min: 0, max: 15 }),
      track: fc.integer({ min: 0, max: 7 }),
      times: fc.integer({ min: 1, max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(play, { maxLength: 60 }), async (plays) => {
        world.plays.clear();
        world.saved.clear();
        for (const { genre, artist, track, times } of plays) world.play('ann', genre, artist, track, times);
        const mixes = await make();
        expect(mixes.filter(({ kind }) => kind === 'DISCOVER_WEEKLY').length).toBeLessThanOrEqual(1);
        const taken = new Set<string>();
        for (const mix of mixes) {
          const ids = idsOf(mix);
          expect(new Set(ids).size).toBe(ids.length);
          expect(ids.length).toBeGreaterThanOrEqual(10);
          if (mix.kind === 'DISCOVER_WEEKLY') {
            expect(ids.filter((id) => heard().has(id))).toEqual([]);
          } else {
            const artists = new Set(ids.flatMap(artistsOf));
            expect([...artists].filter((id) => taken.has(id))).toEqual([]);
            for (const id of artists) taken.add(id);
          }
        }
      }),
      { numRuns: 25 },
    );
  }, 30_000);
});

describe('making', () => {
  it('is done once however many ask at once, and not again soon', async () => {
    annListens();
    world.train();
    let asked = 0;
    const history = {
      ...world.history,
      countsByTrack: (given: Parameters<typeof world.history.countsByTrack>[0]) => {
        asked += 1;
        return world.history.countsByTrack(given);
      },
    };
    const one = world.maker({ history, clock: () => now.getTime() });
    await Promise.all(Array.from({ length: 50 }, () => one.makeIfDue(world.userId('ann'))));
    await one.makeIfDue(world.userId('ann'));
    await one.makeIfDue(world.userId('nobody'));
    await one.makeIfDue(world.userId('nobody'));
    expect(asked).toBe(3);
    expect(world.told).toHaveLength(1);
  });

  it('is for few accounts at a time, and for no more than may wait', async () => {
    let running = 0;
    let most = 0;
    const seen = new Set<string>();
    const history = {
      ...world.history,
      async countsByTrack({ userId }: { userId: string }) {
        seen.add(userId);
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return new Map<string, number>();
      },
    };
    const one = world.maker({ history, atOnce: 2, mostWaiting: 5 });
    const users = Array.from({ length: 20 }, (_, index) => world.userId(`user ${index}`));
    await Promise.all(users.map((id) => one.makeIfDue(id)));
    expect(most).toBe(2);
    expect(seen.size).toBe(7);
    // Who found no place finds it later.
    await one.makeIfDue(users[19] as string);
    expect(seen.size).toBe(8);
  });

  it('fails for who asks while histories are away, and works again at once', async () => {
    annListens();
    world.train();
    let isAway = true;
    const history = {
      ...world.history,
      heardTracks: (userId: string) =>
        isAway ? Promise.reject(new Error('away')) : world.history.heardTracks(userId),
    };
    const one = world.maker({ history, clock: () => now.getTime() });
    await expect(one.makeIfDue(world.userId('ann'))).rejects.toThrow('away');
    isAway = false;
    await one.makeIfDue(world.userId('ann'));
    expect(weekly(await world.mixesOf('ann', now))).toBeDefined();
  });

  it('is quick for an account with 100,000 plays', async () => {
    world.train();
    const base = [...world.facts.tracks.values()];
    for (let index = 0; index < 50_000; index++) {
      const like = base[index % base.length] as (typeof base)[number];
      const id = `${index.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
      world.facts.tracks.set(id, { ...like, id });
      const own = world.plays.get(world.userId('ann')) ?? new Map<string, number>();
      world.plays.set(world.userId('ann'), own.set(id, 2));
    }
    for (let artist = 0; artist < 5; artist++) world.play('ann', 'jazz', artist, 0, 9);
    // Sorting them all each time would be the fault of this memory, not of what is measured.
    const tracksOfArtists = async () => new Map();
    const one = world.maker({
      facts: { ...world.facts, tracksOfArtists, popular: async () => [] },
      clock: () => now.getTime(),
    });
    const startedAt = performance.now();
    await one.makeIfDue(world.userId('ann'));
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    const asked = world.facts.calls.get('findTracks') ?? 0;
    expect(asked).toBeLessThan(70);
    expect(daily(await world.mixesOf('ann', now)).length).toBeGreaterThan(0);
  });
});
