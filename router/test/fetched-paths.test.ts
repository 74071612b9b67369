import { expect, it } from 'vitest';
import { findFetchedPaths } from '../src/fetched-paths.ts';

it('names the root fields of a fetch, by their aliases', () => {
  expect(findFetchedPaths('{ __typename track(id: 1) { title } a: album(id: 2) { title } }')).toEqual([
    ['track'],
    ['a'],
  ]);
});

it('names the fields of each entity, by its type', () => {
  const query = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      ... on Track { __typename playability { playable } ...More }
      ... on User { playlists }
    }
  }
  fragment More on Track { playCount }`;
  const representations = [{ __typename: 'Track' }, { __typename: 'User' }];
  expect(findFetchedPaths(query, { representations })).toEqual([
    ['_entities', 0, 'playability'],
    ['_entities', 0, 'playCount'],
    ['_entities', 1, 'playlists'],
  ]);
});

it('stops at a hundred', () => {
  const representations = Array.from({ length: 1_000 }, () => ({ __typename: 'Track' }));
  const query = '{ _entities(representations: $r) { ... on Track { playability } } }';
  expect(findFetchedPaths(query, { representations })).toHaveLength(100);
});
