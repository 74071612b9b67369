import { encodeId, importedUuid } from '@medley/ids';
import type { ToldAlbum, ToldArtist, ToldGenre, ToldStates, ToldTrack } from '../src/domain/catalog-copy.ts';

type Kind = 'artist' | 'album' | 'track' | 'genre';

/** The UUID of something of a test, by a name that people can read. */
export const uuidOf = (kind: Kind, name: string | number) => importedUuid('test', kind, String(name));
export const idOf = (kind: Kind, name: string | number) => encodeId(kind, uuidOf(kind, name));

/** What sounds like nothing in particular. */
export const middling = {
  tempoBpm: 120,
  energy: 0.5,
  valence: 0.5,
  danceability: 0.5,
  acousticness: 0.5,
  instrumentalness: 0.25,
};

/** States as the catalog tells them, as short as they can be named; what is left out is ordinary. */
export const told = {
  genre: (name: string, { parent, ...state }: Partial<ToldGenre> & { parent?: string } = {}): ToldGenre => ({
    id: idOf('genre', name),
    version: 1,
    slug: name,
    name,
    parentId: parent === undefined ? null : idOf('genre', parent),
    ...state,
  }),
  artist: (
    name: string,
    { genres = [], ...state }: Partial<ToldArtist> & { genres?: readonly string[] } = {},
  ): ToldArtist => ({
    id: idOf('artist', name),
    version: 1,
    name,
    popularity: 50,
    genreIds: genres.map((genre) => idOf('genre', genre)),
    ...state,
  }),
  album: (
    name: string,
    { artists = ['ann'], ...state }: Partial<ToldAlbum> & { artists?: readonly string[] } = {},
  ): ToldAlbum => ({
    id: idOf('album', name),
    version: 1,
    title: name,
    artistIds: artists.map((artist) => idOf('artist', artist)),
    releasedOn: null,
    ...state,
  }),
  track: (
    name: string | number,
    {
      artists = ['ann'],
      genres = [],
      album,
      ...state
    }: Partial<ToldTrack> & {
      artists?: readonly (string | number)[];
      genres?: readonly string[];
      album?: string;
    } = {},
  ): ToldTrack => ({
    id: idOf('track', name),
    version: 1,
    title: String(name),
    explicit: false,
    withdrawn: false,
    popularity: 10,
    albumId: album === undefined ? null : idOf('album', album),
    artistIds: artists.map((artist) => idOf('artist', artist)),
    genreIds: genres.map((genre) => idOf('genre', genre)),
    features: null,
    markets: ['DE', 'US'],
    ...state,
  }),
};

export const states = (some: Partial<ToldStates>): ToldStates => ({
  genres: [],
  artists: [],
  albums: [],
  tracks: [],
  ...some,
});
