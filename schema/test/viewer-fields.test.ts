import { expect, it } from 'vitest';
import { findViewerFields } from '../src/viewer-fields.ts';

it('finds what depends on the viewer: types and fields that are private in any subgraph', () => {
  const fields = findViewerFields((name) =>
    name === 'playlists'
      ? `
        type Track @key(fields: "id") { id: ID! saved: Boolean @cacheControl(maxAge: 0, scope: PRIVATE) title: String @cacheControl(maxAge: 60) }
        extend type Album { saved: Boolean @cacheControl(scope: PRIVATE) name: String @cacheControl(scope: PUBLIC) }
        interface Shelf @cacheControl(scope: PRIVATE) { id: ID! }
        union Item @cacheControl(scope: PRIVATE) = Track
        enum Privacy { PRIVATE }
      `
      : 'type Query { me: Int }',
  );
  expect([...fields].sort()).toEqual(['Album.saved', 'Item', 'Shelf', 'Track.saved']);
});

it('finds in the schema what tells about the viewer, and not what is the same for all', () => {
  const fields = findViewerFields();
  for (const own of [
    'Query.me',
    'Playlist.viewerCanEdit',
    'Track.viewerHasSaved',
    'Track.playability',
    'Mix',
    'Subscription.playbackStateChanged',
    'Subscription.recommendationsUpdated',
  ]) {
    expect(fields).toContain(own);
  }
  for (const shared of [
    'Track',
    'Track.title',
    'Playlist.items',
    'Subscription.playlistChanged',
    'PlaylistEvent',
  ]) {
    expect(fields).not.toContain(shared);
  }
});
