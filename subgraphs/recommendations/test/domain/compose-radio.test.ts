import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrackFacts } from '../../src/domain/catalog-facts.ts';
import { artistSpacing, composeRadio, repeatRadio } from '../../src/domain/compose-radio.ts';
import type { RadioCandidate } from '../../src/domain/radio-candidates.ts';
import { chanceOf } from '../../src/use-cases.ts';

const track = (id: string, artistIds: readonly string[]): TrackFacts => ({
  id,
  artistIds,
  title: id,
  explicit: false,
  withdrawn: false,
  popularity: 1,
  albumId: null,
  genreIds: [],
  features: null,
  markets: new Set(),
});
const candidate = (of: TrackFacts, weight: number): RadioCandidate => ({
  track: of,
  weight,
  reason: 'LISTENED_TOGETHER',
  because: null,
  source: 'BATCH',
  modelled: true,
});

/** Tracks by one or two of some artists. */
const catalogs = (artists: number) =>
  fc
    .array(fc.tuple(fc.nat(artists - 1), fc.option(fc.nat(artists - 1))), { minLength: 1, maxLength: 200 })
    .map((credits) =>
      credits.map(([main, guest], index) =>
        track(`t${index}`, [...new Set([`a${main}`, ...(guest === null ? [] : [`a${guest}`])])]),
      ),
    );
const weights = fc.infiniteStream(fc.double({ min: 1e-6, max: 1, noNaN: true }));
const compose = (given: Partial<Parameters<typeof composeRadio>[0]>) =>
  composeRadio({
    candidates: [],
    before: [],
    limit: 20,
    pull: () => 0,
    chance: (id) => chanceOf(`radio ${id}`),
    ...given,
  });

function mostOfOneArtist(tracks: readonly TrackFacts[]): number {
  let most = 0;
  for (let from = 0; from < tracks.length; from++) {
    const counts = new Map<string, number>();
    for (const { artistIds } of tracks.slice(from, from + artistSpacing.within))
      for (const id of artistIds) counts.set(id, (counts.get(id) ?? 0) + 1);
    most = Math.max(most, ...counts.values());
  }
  return most;
}

describe('composing a radio', () => {
  it('takes each track once, and no artist more than twice in ten, also across pages', () => {
    fc.assert(
      fc.property(
        catalogs(12),
        weights,
        fc.nat(15),
        fc.integer({ min: 1, max: 100 }),
        (tracks, weight, split, limit) => {
          const before = tracks.slice(0, split);
          fc.pre(mostOfOneArtist(before) <= artistSpacing.most);
          const candidates = tracks.slice(split).map((each) => candidate(each, weight.next().value));
          const chosen = compose({ candidates, before, limit });
          expect(new Set(chosen.map(({ trackId }) => trackId)).size).toBe(chosen.length);
          expect(chosen.length).toBeLessThanOrEqual(limit);
          const byId = new Map(tracks.map((each) => [each.id, each]));
          const all = [...before, ...chosen.map(({ trackId }) => byId.get(trackId) as TrackFacts)];
          expect(mostOfOneArtist(all)).toBeLessThanOrEqual(artistSpacing.most);
        },
      ),
    );
  });

  it('is full as long as anything is allowed', () => {
    fc.assert(
      fc.property(catalogs(40), weights, (tracks, weight) => {
        const candidates = tracks.map((each) => candidate(each, weight.next().value));
        const chosen = compose({ candidates, limit: tracks.length });
        const last = chosen
          .slice(-9)
          .map(({ trackId }) => tracks.find(({ id }) => id === trackId) as TrackFacts);
        const left = tracks.filter(({ id }) => !chosen.some(({ trackId }) => trackId === id));
        for (const each of left)
          expect(
            each.artistIds.some((id) => last.filter(({ artistIds }) => artistIds.includes(id)).length >= 2),
          ).toBe(true);
      }),
    );
  });

  it('is the same for the same chance, and another one for another', () => {
    const candidates = Array.from({ length: 100 }, (_, index) =>
      candidate(track(`t${index}`, [`a${index}`]), 0.5),
    );
    expect(compose({ candidates })).toEqual(compose({ candidates: candidates.toReversed() }));
    expect(compose({ candidates, chance: (id) => chanceOf(`other ${id}`) })).not.toEqual(
      compose({ candidates }),
    );
  });

  it('chooses what goes better more often: twice the weight, eight times as often', () => {
    const [one, other] = [candidate(track('one', ['a']), 0.8), candidate(track('other', ['b']), 0.4)];
    let wins = 0;
    for (let round = 0; round < 4_000; round++)
      if (
        compose({ candidates: [other, one], limit: 1, chance: (id) => chanceOf(`${round} ${id}`) })[0]
          ?.trackId === 'one'
      )
        wins += 1;
    expect(wins / (4_000 - wins)).toBeGreaterThan(6.5);
    expect(wins / (4_000 - wins)).toBeLessThan(9.8);
  });

  it('composes a hundred of six hundred within 20 ms, also where artists stand in each other’s way', () => {
    for (const artists of [600, 30, 11]) {
      const candidates = Array.from({ length: 600 }, (_, index) =>
        candidate(track(`t${index}`, [`a${index % artists}`]), 1 - index / 601),
      );
      const times = Array.from({ length: 21 }, (_, round) => {
        const began = performance.now();
        compose({ candidates, limit: 100, chance: (id) => chanceOf(`${round} ${id}`) });
        return performance.now() - began;
      }).sort((a, b) => a - b);
      expect(times[10]).toBeLessThan(20);
    }
  });
});

describe('repeating a radio', () => {
  it('brings back first what came the longest ago, without end', () => {
    fc.assert(
      fc.property(catalogs(5), fc.integer({ min: 1, max: 100 }), (tracks, limit) => {
        const served = tracks.map((each) => ({
          track: each,
          item: { trackId: each.id, ...candidate(each, 1) },
        }));
        const chosen = repeatRadio(served, { before: [], limit });
        expect(chosen).toHaveLength(limit);
        // What comes again has let half of the others pass.
        for (const [index, { trackId }] of chosen.entries()) {
          const since = chosen.slice(0, index).findLastIndex((item) => item.trackId === trackId);
          if (since >= 0) expect(index - since).toBeGreaterThanOrEqual(Math.floor(tracks.length / 2));
        }
      }),
    );
  });
});
