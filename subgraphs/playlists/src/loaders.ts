import DataLoader from 'dataloader';
import type { LibraryRepository } from './domain/library-repository.ts';
import { maySee, type Playlist } from './domain/playlist.ts';
import type { PlaylistRepository } from './domain/playlist-repository.ts';
import { createLibraryLoaders } from './library-loaders.ts';

/**
 * The DataLoaders of one request; keys are UUIDs. They only batch and keep nothing: one operation may hold several
 * mutations, and each shows what it has made.
 */
export function createLoaders({
  playlists,
  library,
  viewerId,
}: {
  playlists: PlaylistRepository;
  library: LibraryRepository;
  viewerId: string | null;
}) {
  return {
    ...createLibraryLoaders({ library, viewerId }),
    /** Null when there is none, or the viewer may not see it. */
    playlist: new DataLoader<string, Playlist | null>(
      async (ids) => {
        const rows = await playlists.findByIds([...new Set(ids)], viewerId);
        const visible = new Map(rows.filter(maySee).map((row) => [row.id, row]));
        return ids.map((id) => visible.get(id) ?? null);
      },
      { cache: false },
    ),
  };
}
export type Loaders = ReturnType<typeof createLoaders>;
