import type { Database, TryHold } from '@medley/database';
import type { StateSource } from '@medley/outbox';
import type { CompactionRepository } from '../domain/compaction.ts';
import type { LibraryRepository } from '../domain/library-repository.ts';
import type { PeerPositions } from '../domain/peer.ts';
import type { PlaylistFeed } from '../domain/playlist-feed.ts';
import type { PlaylistHistory } from '../domain/playlist-history.ts';
import type { PlaylistRepository } from '../domain/playlist-repository.ts';
import type { PlaylistWriter } from '../domain/playlist-writer.ts';
import { openPrismaClient } from './prisma-client.ts';
import { createPrismaCompaction } from './prisma-compaction.ts';
import { createPrismaLibraryRelaySource } from './prisma-library-relay-source.ts';
import { createPrismaLibraryRepository } from './prisma-library-repository.ts';
import { createPrismaPeerPositions } from './prisma-peer-positions.ts';
import { createPrismaPlaylistFeed } from './prisma-playlist-feed.ts';
import { createPrismaPlaylistHistory } from './prisma-playlist-history.ts';
import { createPrismaPlaylistRelaySource } from './prisma-playlist-relay-source.ts';
import { createPrismaPlaylistRepository } from './prisma-playlist-repository.ts';
import { createPrismaPlaylistWriter } from './prisma-playlist-writer.ts';

/** All that playlists keeps. */
export interface Repositories {
  readonly playlists: PlaylistRepository;
  readonly library: LibraryRepository;
  /** What imports and sample data are written with. */
  readonly writer: PlaylistWriter;
  /** What services and other replicas follow. */
  readonly feed: PlaylistFeed;
  /** What who watches a playlist is told from. */
  readonly history: PlaylistHistory;
  readonly peerPositions: PeerPositions;
  readonly compaction: CompactionRepository;
  /** What the relays put into playlists.changed and library.changed. */
  readonly relayed: {
    readonly playlists: StateSource;
    readonly library: StateSource;
    readonly tryHold: TryHold;
  };
  /** @throws when the database does not answer */
  ping(): Promise<void>;
  /** The database itself stays open. */
  close(): Promise<void>;
}

/** @param replica names the database among its replicas, see `REPLICA_ID`: only `writer` needs it */
export function openRepositories(
  database: Database,
  { replica = 'main' }: { replica?: string } = {},
): Repositories {
  const client = openPrismaClient(database);
  const playlists = createPrismaPlaylistRepository(client);
  return {
    playlists,
    library: createPrismaLibraryRepository(client),
    writer: createPrismaPlaylistWriter(client, { replica, clock: () => new Date() }),
    feed: createPrismaPlaylistFeed(client),
    history: createPrismaPlaylistHistory(client),
    peerPositions: createPrismaPeerPositions(client),
    compaction: createPrismaCompaction(client),
    relayed: {
      playlists: createPrismaPlaylistRelaySource(client),
      library: createPrismaLibraryRelaySource(client),
      tryHold: database.tryHold,
    },
    ping: playlists.ping,
    close: () => client.$disconnect(),
  };
}
