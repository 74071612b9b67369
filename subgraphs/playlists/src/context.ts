import type { Cursors } from '@medley/connection';
import type { SubgraphContext } from '@medley/subgraph';
import type { CatalogDirectory } from './domain/catalog-directory.ts';
import type { LibraryRepository } from './domain/library-repository.ts';
import type { PlaylistFeed } from './domain/playlist-feed.ts';
import type { PlaylistRepository } from './domain/playlist-repository.ts';
import type { WatchPlaylist } from './domain/watch-playlist.ts';
import type { Loaders } from './loaders.ts';
import type { UseCases } from './use-cases.ts';

/** What the resolvers of one request get. */
export interface Context extends SubgraphContext {
  readonly loaders: Loaders;
  /** The edits of playlists. */
  readonly useCases: UseCases;
  readonly findItems: PlaylistRepository['findItems'];
  /** Follows a playlist. */
  readonly watchPlaylist: WatchPlaylist;
  readonly feed: PlaylistFeed;
  readonly library: LibraryRepository;
  readonly catalog: CatalogDirectory;
  readonly cursors: Cursors;
  /** The account that asks, a UUID; null when nobody is signed in. */
  readonly viewerId: string | null;
  /**
   * The account that asks, a UUID.
   * @throws MedleyError UNAUTHENTICATED when nobody is signed in
   */
  requireViewerId(): string;
  readonly now: () => Date;
}
