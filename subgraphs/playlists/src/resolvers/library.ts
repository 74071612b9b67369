import type { LibraryResolvers } from '../generated/graphql.ts';
import { readEntries } from './library-connections.ts';

/** The library of one account; only its own viewer gets to it. */
export interface LibraryOf {
  /** UUID. */
  readonly userId: string;
}

export const Library: LibraryResolvers = {
  tracks: ({ userId }, page, context) =>
    readEntries(context, page, { field: 'Library.tracks', list: 'TRACK', userId }),
  albums: ({ userId }, page, context) =>
    readEntries(context, page, { field: 'Library.albums', list: 'ALBUM', userId }),
  artists: ({ userId }, page, context) =>
    readEntries(context, page, { field: 'Library.artists', list: 'ARTIST', userId }),
  playlists: ({ userId }, page, context) =>
    readEntries(context, page, { field: 'Library.playlists', list: 'PLAYLISTS', userId }),
};
