import type { Database } from '@medley/database';
import type { LibraryRepository } from '../domain/library-repository.ts';
import type { PlaylistRepository } from '../domain/playlist-repository.ts';
import { openPrismaClient } from './prisma-client.ts';
import { createPrismaLibraryRepository } from './prisma-library-repository.ts';
import { createPrismaPlaylistRepository } from './prisma-playlist-repository.ts';

/** All that playlists keeps. */
export interface Repositories {
  readonly playlists: PlaylistRepository;
  readonly library: LibraryRepository;
  /** @throws when the database does not answer */
  ping(): Promise<void>;
  /** The database itself stays open. */
  close(): Promise<void>;
}

export function openRepositories(database: Database): Repositories {
  const client = openPrismaClient(database);
  const playlists = createPrismaPlaylistRepository(client);
  return {
    playlists,
    library: createPrismaLibraryRepository(client),
    ping: playlists.ping,
    close: () => client.$disconnect(),
  };
}
