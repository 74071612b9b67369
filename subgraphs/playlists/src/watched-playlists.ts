import DataLoader from 'dataloader';
import type {
  MergedOperation,
  OperationRange,
  PlaylistHistory,
  SharedPlaylist,
} from './domain/playlist-history.ts';
import type { WatchedPlaylists } from './domain/watch-playlist.ts';

/**
 * The reads of all who watch in this process: those that were woken together look at the same moment, and one statement of each
 * kind serves them all. Nothing is kept.
 */
export function createWatchedPlaylists(history: PlaylistHistory): WatchedPlaylists {
  const playlists = new DataLoader<string, SharedPlaylist | null>(
    async (ids) => {
      const found = await history.findShared([...new Set(ids)]);
      const byId = new Map(found.map((playlist) => [playlist.id, playlist]));
      return ids.map((id) => byId.get(id) ?? null);
    },
    { cache: false },
  );
  const operations = new DataLoader<OperationRange, readonly MergedOperation[]>(
    (ranges) => {
      const found = new Map<string, Promise<readonly MergedOperation[]>>();
      return Promise.all(
        ranges.map((range) => {
          const name = JSON.stringify(range);
          const known = found.get(name) ?? history.findOperations(range);
          found.set(name, known);
          return known;
        }),
      );
    },
    { cache: false },
  );
  return {
    find: (playlistId) => playlists.load(playlistId),
    findOperations: (range) => operations.load(range),
  };
}
