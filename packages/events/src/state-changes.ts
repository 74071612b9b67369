import { z } from 'zod';
import { defineEvent, defineTopic } from './define.ts';

// Compacted topics: the last event of a key is its full state, `stateVersion` tells which of two is newer.

const ref = z.looseObject({ id: z.string() });
const state = { id: z.string(), stateVersion: z.int().positive() };

export const artistChanged = defineEvent('ArtistChanged', 1, {
  ...state,
  name: z.string(),
  popularity: z.int(),
  genres: z.array(ref),
});
export const albumChanged = defineEvent('AlbumChanged', 1, {
  ...state,
  title: z.string(),
  /** These two came later: an event from before has none. */
  artists: z.array(ref).default([]),
  /** The first day on which it can have come out, `2019-05-17`; null when unknown. */
  releasedOn: z.iso.date().nullable().default(null),
});
export const genreChanged = defineEvent('GenreChanged', 1, {
  ...state,
  slug: z.string(),
  name: z.string(),
  /** The wider genre; null where there is none, and in events from before it was told. */
  parent: ref.nullable().default(null),
});
const share = z.number().min(0).max(1);
/** What can be measured about the sound of a track. */
export const audioFeatures = z.looseObject({
  tempoBpm: z.number().min(20).max(300),
  energy: share,
  valence: share,
  danceability: share,
  acousticness: share,
  instrumentalness: share,
});
export const trackChanged = defineEvent('TrackChanged', 1, {
  ...state,
  title: z.string(),
  durationMs: z.int(),
  explicit: z.boolean(),
  isrc: z.string().nullable(),
  popularity: z.int(),
  availableMarkets: z.array(z.string()),
  withdrawnAt: z.string().nullable(),
  artists: z.array(ref),
  album: ref.nullable(),
  genres: z.array(ref),
  /** Null when they were not measured, and in events from before they were told. */
  audioFeatures: audioFeatures.nullable().default(null),
});
/** It is gone; a tombstone follows. */
export const trackDeleted = defineEvent('TrackDeleted', 1, state);

/** Keyed by artist, album, genre or track. */
export const catalogChanged = defineTopic({
  name: 'catalog.changed.v1',
  partitions: 12,
  retentionMs: null,
  events: [artistChanged, albumChanged, genreChanged, trackChanged, trackDeleted],
});

/** An account was made or changed. Nothing else of it leaves users. */
export const userChanged = defineEvent('UserChanged', 1, {
  ...state,
  country: z.string().nullable(),
  tier: z.string(),
  status: z.string(),
});
/** Keyed by user. */
export const usersChanged = defineTopic({
  name: 'users.changed.v1',
  partitions: 6,
  retentionMs: null,
  events: [userChanged],
});

/** A playlist was made, edited or deleted. A private one tells its id and that it is private, and nothing else. */
export const playlistChanged = defineEvent('PlaylistChanged', 1, {
  ...state,
  ownerId: z.string().nullable(),
  privacy: z.enum(['PUBLIC', 'UNLISTED', 'PRIVATE']),
  deleted: z.boolean(),
  name: z.string().nullable(),
  itemCount: z.int().nonnegative(),
});
/** Keyed by playlist. */
export const playlistsChanged = defineTopic({
  name: 'playlists.changed.v1',
  partitions: 6,
  retentionMs: null,
  events: [playlistChanged],
});

/** An account began or ceased to keep something. */
export const libraryEntryChanged = defineEvent('LibraryChanged', 1, {
  userId: z.string(),
  itemId: z.string(),
  stateVersion: z.int().positive(),
  inLibrary: z.boolean(),
  at: z.iso.datetime(),
});
/** Keyed by account and thing: `user_…/track_…`. */
export const libraryChanged = defineTopic({
  name: 'library.changed.v1',
  partitions: 6,
  retentionMs: null,
  events: [libraryEntryChanged],
});
