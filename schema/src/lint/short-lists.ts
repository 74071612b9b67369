/** Connections that are read forward only, and why. */
export const forwardOnly: ReadonlyMap<string, string> = new Map(
  ['tracks', 'artists', 'albums', 'playlists'].map((list) => [
    `SearchResult.${list}`,
    'results have an order from the best on; nobody asks for the worst',
  ]),
);

/** Lists of objects that need no pages, and what keeps each of them short. */
export const shortLists: ReadonlyMap<string, string> = new Map([
  ['Artist.genres', 'what one artist plays'],
  ['Album.artists', 'the credits of one release'],
  ['Track.artists', 'the credits of one recording'],
  ['Viewer.sessions', 'users ends the oldest session of an account that has too many'],
  ['Query.searchSuggestions', 'as many as `first` says'],
  ['Playlist.collaborators', 'at most 50'],
  ['Playlist.coverAlbums', 'at most four'],
  ['PlaylistCreatePayload.items', 'as many as the input, at most 100'],
  ['PlaylistItemsAddPayload.items', 'as many as the input, at most 100'],
  ['PlaylistItemsReplacePayload.items', 'as many as the input, at most 100'],
  ['LibraryTracksSavePayload.tracks', 'as many as the input, at most 100'],
  ['LibraryTracksUnsavePayload.tracks', 'as many as the input, at most 100'],
  ['LibraryAlbumsSavePayload.albums', 'as many as the input, at most 100'],
  ['LibraryAlbumsUnsavePayload.albums', 'as many as the input, at most 100'],
  ['LibraryArtistsFollowPayload.artists', 'as many as the input, at most 100'],
  ['LibraryArtistsUnfollowPayload.artists', 'as many as the input, at most 100'],
  ['SearchFacets.genres', 'at most 20'],
  ['SearchFacets.decades', 'there are few decades'],
  ['SearchFacets.explicit', 'two'],
  ['SearchSuggestion.highlights', 'at most one for each word'],
  ['SearchStatus.sources', 'two'],
  ['PlaybackQueue.items', 'at most 500'],
  ['PlaybackStarted.next', 'as many as the input, at most 5'],
  ['PlaybackReportPayload.results', 'as many as the input, at most 100'],
  ['SearchTrackEdge.highlights', 'at most one for each word'],
  ['SearchArtistEdge.highlights', 'at most one for each word'],
  ['SearchAlbumEdge.highlights', 'at most one for each word'],
]);
