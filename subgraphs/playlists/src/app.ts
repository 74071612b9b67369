import type { Cursors } from '@medley/connection';
import { isTransientError } from '@medley/event-log';
import { playlistsChanged } from '@medley/events';
import type { ClaimName, IdentityVerifier } from '@medley/identity';
import { decodeId, encodeId } from '@medley/ids';
import { type ChangeNotifier, type ChangeNotifierOptions, createRetryWhileAway } from '@medley/live';
import type { Logger, Metrics } from '@medley/service';
import { createSubgraph, type RequestInfo, requireSignedIn, type Subgraph } from '@medley/subgraph';
import type { Context } from './context.ts';
import { countLibraryEdits } from './count-library-edits.ts';
import type { NotedEdit } from './domain/accept-edit.ts';
import type { AccountDirectory } from './domain/account-directory.ts';
import type { CatalogDirectory } from './domain/catalog-directory.ts';
import type { LibraryRepository } from './domain/library-repository.ts';
import type { MixDirectory } from './domain/mix-directory.ts';
import type { PlaylistFeed } from './domain/playlist-feed.ts';
import type { PlaylistHistory } from './domain/playlist-history.ts';
import type { PlaylistRepository } from './domain/playlist-repository.ts';
import { createPlaylistWatch, type WatchPlaylist } from './domain/watch-playlist.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers/index.ts';
import { createUseCases } from './use-cases.ts';
import { createWatchedPlaylists } from './watched-playlists.ts';

export { startCompaction, startReplication } from './background.ts';
export {
  type PlaylistsRelayDependencies,
  republishLibrary,
  republishPlaylists,
  startRelays,
} from './relays.ts';

/** The claims that this subgraph reads. */
export const reads: readonly ClaimName[] = ['actor', 'market', 'explicit'];

/** What tells that playlists changed. */
export const changeTopics: ChangeNotifierOptions['topics'] = [
  { topic: playlistsChanged.name, keysOf: ({ key }) => [key] },
];

export interface AppDependencies {
  readonly playlists: PlaylistRepository;
  readonly library: LibraryRepository;
  readonly feed: PlaylistFeed;
  readonly history: PlaylistHistory;
  /** Notified of the public ids of playlists that changed, wherever. */
  readonly notifier: Pick<ChangeNotifier, 'watch' | 'notify'>;
  readonly catalog: CatalogDirectory;
  readonly accounts: AccountDirectory;
  readonly mixes: MixDirectory;
  readonly cursors: Cursors;
  readonly identity: IdentityVerifier;
  readonly logger: Logger;
  /** None: edits are not counted. */
  readonly metrics?: Metrics;
  /** Names this database among its replicas: 1 to 16 lower case letters and digits. */
  readonly replica: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** The playlists subgraph, without a transport. */
export function createApp(dependencies: AppDependencies): Promise<Subgraph> {
  const { playlists, feed, catalog, cursors, identity, logger, metrics, clock = Date.now } = dependencies;
  const library = metrics ? countLibraryEdits(dependencies.library, metrics) : dependencies.library;
  const now = () => new Date(clock());
  const count = countEdits(metrics);
  const useCases = createUseCases({
    ...dependencies,
    clock: now,
    note(edit) {
      count(edit);
      // Who watches here need not wait until the event log has told it.
      if (edit.outcome === 'ACCEPTED') dependencies.notifier.notify([encodeId('playlist', edit.playlistId)]);
    },
  });
  const watchPlaylist = createWatch(dependencies);
  return createSubgraph<Context>({
    name: 'playlists',
    resolvers,
    identity,
    logger,
    createContext(request) {
      const viewerId = findViewerId(request);
      return {
        request,
        viewerId,
        requireViewerId: () => decodeId(requireSignedIn(request).id, 'user'),
        useCases,
        findItems: playlists.findItems,
        watchPlaylist,
        feed,
        loaders: createLoaders({ playlists, library, viewerId }),
        library,
        catalog,
        cursors,
        now,
      };
    },
  });
}

/** Once in a process: who watches the same playlist shares its reads. */
function createWatch({
  replica,
  history,
  notifier,
  logger,
}: Pick<AppDependencies, 'replica' | 'history' | 'notifier' | 'logger'>): WatchPlaylist {
  return createPlaylistWatch({
    replica,
    watched: createWatchedPlaylists(history),
    wakes: (id, signal) => notifier.watch(encodeId('playlist', id), signal),
    retryWhileAway: createRetryWhileAway({
      isAway: isTransientError,
      onAway: (error) => logger.warn({ err: error }, 'no database: who watches playlists waits'),
      onBack: () => logger.info('the database is back: who watches playlists is told'),
    }),
  });
}

function countEdits(metrics: Metrics | undefined): (edit: NotedEdit) => void {
  const edits = metrics?.counter(
    'medley_playlists_edits_total',
    'Edits of playlists that came in, by what came of them',
    ['type', 'outcome'],
  );
  return ({ type, outcome }) => edits?.inc({ type, outcome });
}

const findViewerId = ({ actor }: RequestInfo): string | null =>
  actor.kind === 'viewer' ? decodeId(actor.id, 'user') : null;
