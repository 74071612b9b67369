import type { Cursors } from '@medley/connection';
import type { ClaimName, IdentityVerifier } from '@medley/identity';
import { decodeId } from '@medley/ids';
import type { Logger, Metrics } from '@medley/service';
import { createSubgraph, type RequestInfo, requireSignedIn, type Subgraph } from '@medley/subgraph';
import type { Context } from './context.ts';
import { countLibraryEdits } from './count-library-edits.ts';
import type { AcceptanceDependencies } from './domain/accept-edit.ts';
import type { AccountDirectory } from './domain/account-directory.ts';
import type { CatalogDirectory } from './domain/catalog-directory.ts';
import type { LibraryRepository } from './domain/library-repository.ts';
import type { MixDirectory } from './domain/mix-directory.ts';
import type { PlaylistFeed } from './domain/playlist-feed.ts';
import type { PlaylistRepository } from './domain/playlist-repository.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers/index.ts';
import { createUseCases } from './use-cases.ts';

export { startCompaction, startReplication } from './background.ts';
export {
  type PlaylistsRelayDependencies,
  republishLibrary,
  republishPlaylists,
  startRelays,
} from './relays.ts';

/** The claims that this subgraph reads. */
export const reads: readonly ClaimName[] = ['actor', 'market', 'explicit'];

export interface AppDependencies {
  readonly playlists: PlaylistRepository;
  readonly library: LibraryRepository;
  readonly feed: PlaylistFeed;
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
  const useCases = createUseCases({ ...dependencies, clock: now, note: countEdits(metrics) });
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

function countEdits(metrics: Metrics | undefined): AcceptanceDependencies['note'] {
  const edits = metrics?.counter(
    'medley_playlists_edits_total',
    'Edits of playlists that came in, by what came of them',
    ['type', 'outcome'],
  );
  return (edit) => edits?.inc(edit);
}

const findViewerId = ({ actor }: RequestInfo): string | null =>
  actor.kind === 'viewer' ? decodeId(actor.id, 'user') : null;
