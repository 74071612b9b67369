/** Lists of objects that need no pages, and what keeps each of them short. */
export const shortLists: ReadonlyMap<string, string> = new Map([
  ['Artist.genres', 'what one artist plays'],
  ['Album.artists', 'the credits of one release'],
  ['Track.artists', 'the credits of one recording'],
  ['Viewer.sessions', 'users ends the oldest session of an account that has too many'],
]);
