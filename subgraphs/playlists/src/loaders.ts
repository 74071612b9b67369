import type { LibraryRepository } from './domain/library-repository.ts';
import type { PlaylistRepository } from './domain/playlist-repository.ts';
import { createLibraryLoaders } from './library-loaders.ts';
import { createPlaylistLoaders } from './playlist-loaders.ts';

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
    ...createPlaylistLoaders({ playlists, viewerId }),
  };
}
export type Loaders = ReturnType<typeof createLoaders>;
