/** A playlist that ten thousand look at: playlists, users and catalog are asked for each event, and it tells nothing of who looks. */
export const playlistOperation = `subscription Playlist($id: ID!) {
  playlistChanged(id: $id) {
    kind
    cursor
    edits { operationId kind at itemIds by { displayName } }
    playlist {
      name
      itemCount
      followerCount
      updatedAt
      items(first: 25) { nodes { id addedAt addedBy { displayName } track { id title durationMs explicit } } }
    }
  }
}`;

/** What somebody plays: streaming and catalog are asked for each event, and each viewer gets another. */
export const ownOperation = `subscription Playback {
  playbackStateChanged {
    kind
    cursor
    state {
      session { id device { id name } track { id title durationMs explicit } positionMs paused startedAt expiresAt }
      queue { revision currentIndex items { track { id title durationMs } } updatedAt }
    }
  }
}`;

export const playlistId = 'playlist_00000000000000000000000001';
