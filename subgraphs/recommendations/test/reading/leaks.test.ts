import fc from 'fast-check';
import { expect, it } from 'vitest';
import { idOf, now, openRecommendations, recentPlay, uuidOf } from './recommendations-under-test.ts';

/** A track of a random catalog: who made it, where it may be played, and what stands against it. */
const track = fc.record({
  by: fc.nat(7),
  genre: fc.nat(3),
  markets: fc.subarray(['DE', 'US', 'FR']),
  explicit: fc.boolean(),
  withdrawn: fc.integer({ min: 0, max: 4 }).map((chance) => chance === 0),
  alike: fc.array(fc.nat(29), { maxLength: 12 }),
});
const worlds = fc.record({
  tracks: fc.array(track, { minLength: 30, maxLength: 30 }),
  hasModel: fc.boolean(),
  market: fc.constantFrom('DE', 'US', 'FR', null),
  explicit: fc.boolean(),
  played: fc.array(fc.tuple(fc.nat(29), fc.constantFrom(-1, 1)), { maxLength: 8 }),
  seed: fc.nat(29),
});

const similarFields = `similar(first: 100) { edges { node { id } } }`;
const everything = `query ($user: ID!, $tracks: [_Any!]!, $seed: ID!, $artist: ID!, $mix: ID!) {
  bySeed: radio(seed: $seed, first: 30) { edges { node { id } } pageInfo { endCursor } }
  byArtist: radio(seed: $artist, first: 30) { edges { node { id } } }
  byMix: radio(seed: $mix, first: 30) { edges { node { id } } }
  tracks: _entities(representations: $tracks) { ... on Track { ${similarFields} } }
  mix: _entities(representations: [{ __typename: "Mix", id: $mix }]) { ... on Mix { tracks(first: 100) { edges { node { id } } } } }
  me: _entities(representations: [{ __typename: "Viewer", id: $user }]) { ... on Viewer {
    recommendations { shelves { items(first: 50) { item { ... on Track { id } } } } } } } }`;

it('brings out no track that the viewer may not play, whatever the catalog, the model and the plays', async () => {
  let found = 0;
  await fc.assert(
    fc.asyncProperty(worlds, async ({ tracks, hasModel, market, explicit, played, seed }) => {
      const service = await openRecommendations();
      const ann = service.signIn('ann', { market, explicit });
      const fresh = service.album('fresh', { by: 'artist 0', releasedOn: '2026-11-20' });
      for (const [name, { by, genre, markets, alike, ...rest }] of tracks.entries()) {
        const genreIds = [uuidOf('genre', genre)];
        service.track(name, {
          by: `artist ${by}`,
          genreIds,
          markets: new Set(markets),
          albumId: fresh,
          ...rest,
        });
        if (hasModel) service.alike(name, alike);
      }
      service.models.popularIds = tracks.map((_, name) => uuidOf('track', name));
      ann.likes({ recent: played.map(([name, signal], index) => recentPlay(name, index, { signal })) });
      service.mix('ann', [...tracks.keys()]);
      service.entries.push({
        userId: ann.userId,
        itemId: idOf('artist', 'artist 0'),
        version: 1,
        inLibrary: true,
        at: now,
      });

      const { data, errors } = await ann.ask<object>(everything, {
        user: ann.id,
        seed: idOf('track', seed),
        artist: idOf('artist', 'artist 0'),
        mix: idOf('mix', 'ann 0'),
        tracks: [...tracks.keys()]
          .slice(0, 10)
          .map((name) => ({ __typename: 'Track', id: idOf('track', name) })),
      });
      expect(errors).toBeUndefined();
      const shown = JSON.stringify(data).match(/track_[0-9a-z]{26}/g) ?? [];
      found += shown.length;
      const allowed = new Set(
        [...tracks.entries()]
          .filter(
            ([, one]) =>
              market && one.markets.includes(market) && !one.withdrawn && (explicit || !one.explicit),
          )
          .map(([name]) => idOf('track', name)),
      );
      for (const id of shown) expect(allowed).toContain(id);
    }),
    { numRuns: 25 },
  );
  // It was not silence that kept it.
  expect(found).toBeGreaterThan(500);
});
