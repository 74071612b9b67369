import { join } from 'node:path';
import { createApp as createAnalytics, startLive as startLiveCounts } from '@medley/analytics';
import { createApp as createCatalog } from '@medley/catalog';
import { createCursors } from '@medley/connection';
import type { EventLog } from '@medley/event-log';
import { createIdentityVerifier } from '@medley/identity';
import { createChangeNotifier } from '@medley/live';
import { createApp as createPlaylists, changeTopics as playlistChangeTopics } from '@medley/playlists';
import { createLinkAccountDirectory } from '@medley/playlists/adapters/link-account-directory';
import { createLinkCatalogDirectory } from '@medley/playlists/adapters/link-catalog-directory';
import { createLinkMixDirectory } from '@medley/playlists/adapters/link-mix-directory';
import type { Recommendations } from '@medley/recommendations';
import type { LinkedSubgraph } from '@medley/router';
import { createIndexing, createApp as createSearch, type Indexing } from '@medley/search';
import { createLinkCatalogSource } from '@medley/search/adapters/link-catalog-source';
import { createLinkPlaylistSource } from '@medley/search/adapters/link-playlist-source';
import { openMiniSearchIndex } from '@medley/search/adapters/minisearch-index';
import type { Logger, Metrics } from '@medley/service';
import { createServiceCaller } from '@medley/service-caller';
import { parseSigningKeys, type SigningKeys } from '@medley/signing-keys';
import type { PlaybackFacts } from '@medley/streaming';
import type { Subgraph } from '@medley/subgraph';
import { createInProcessLink, type LiveSubgraphLink, type SubgraphLink } from '@medley/subgraph-link';
import { createApp as createUsers } from '@medley/users';
import { createArgon2PasswordHasher } from '@medley/users/adapters/argon2-password-hasher';
import { createConsoleMail } from '@medley/users/adapters/console-mail';
import { createMemoryThrottle } from '@medley/users/adapters/memory-throttle';
import { openCachedCatalog } from './cached-catalog.ts';
import type { PersonaDesk } from './personas.ts';
import { openRecommendations } from './recommendations.ts';
import type { Rows } from './rows.ts';
import type { Screen } from './screen.ts';
import type { Secrets } from './secrets.ts';
import { openStreaming } from './streaming.ts';
import type { Teardown } from './teardown.ts';

/** What subgraphs in this process are made of. */
export interface SubgraphParts {
  /** The data folder, held by this process. */
  readonly folder: string;
  readonly rows: Rows;
  readonly eventLog: EventLog;
  readonly secrets: Secrets;
  readonly personas: Pick<PersonaDesk, 'tokens'>;
  /** The edge as clients reach it. */
  readonly edgeUrl: string;
  readonly screen: Pick<Screen, 'line'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Gets how to stop what is opened here. */
  readonly teardown: Teardown;
  /** Told once when something that was started has ended for good. */
  readonly onCrash?: (error: Error) => void;
}

/** All subgraphs, linked in this process. */
export interface Subgraphs {
  readonly links: Readonly<Record<LinkedSubgraph, LiveSubgraphLink>>;
  /** What the router signs with, for each of them. */
  readonly identityKeys: Readonly<Record<LinkedSubgraph, SigningKeys>>;
  readonly users: Awaited<ReturnType<typeof createUsers>>;
  /** Keeps the index of search; not started. */
  readonly indexing: Indexing;
  /** What playback decisions rest on; not started. */
  readonly facts: PlaybackFacts;
  /** What accounts may like; not started. */
  readonly recommendations: Recommendations;
  /** Whether the index was ever built. */
  readonly isSearchable: () => Promise<boolean>;
}

export async function openSubgraphs(parts: SubgraphParts): Promise<Subgraphs> {
  const { rows, secrets, edgeUrl, logger, metrics, teardown } = parts;
  const identityKeys = parseAll(secrets.identityKeys);
  const serviceKeys = parseAll(secrets.serviceKeys);
  const cursors = createCursors(parseSigningKeys(secrets.cursorKeys));
  const logOf = (part: LinkedSubgraph) => logger.child({ part });
  const link = <Opened extends Subgraph>(name: LinkedSubgraph, subgraph: Opened) => {
    teardown.add(() => subgraph.stop());
    return createInProcessLink(name, subgraph);
  };
  const ask = (service: LinkedSubgraph, subgraph: keyof typeof serviceKeys, to: SubgraphLink) =>
    createServiceCaller({ service, subgraph, link: to, keys: serviceKeys[subgraph] });

  const users = await createUsers({
    ...rows.users,
    passwords: createArgon2PasswordHasher(),
    tokens: parts.personas.tokens,
    throttle: createMemoryThrottle(),
    mail: createConsoleMail((text) => parts.screen.line(text)),
    identity: createIdentityVerifier({
      audience: 'users',
      keys: identityKeys.users,
      serviceKeys: serviceKeys.users,
    }),
    logger: logOf('users'),
  });
  const toUsers = link('users', users);

  const catalog = await createCatalog({
    ...rows.catalog,
    ...(await openCachedCatalog({ rows, logger: logOf('catalog'), metrics, teardown })),
    images: { baseUrl: edgeUrl },
    cursors,
    identity: createIdentityVerifier({
      audience: 'catalog',
      keys: identityKeys.catalog,
      serviceKeys: serviceKeys.catalog,
    }),
    logger: logOf('catalog'),
  });
  const toCatalog = link('catalog', catalog);

  const { app: streaming, facts } = await openStreaming({
    ...{ folder: parts.folder, eventLog: parts.eventLog, secrets, cursors, edgeUrl, metrics, teardown },
    identityKeys: identityKeys.streaming,
    catalog: { link: toCatalog, keys: serviceKeys.catalog },
    users: { link: toUsers, keys: serviceKeys.users },
    logger: logOf('streaming'),
  });

  const recommendations = await openRecommendations({
    ...{ folder: parts.folder, rows, eventLog: parts.eventLog, cursors, metrics, teardown },
    identityKeys: identityKeys.recommendations,
    serviceKeys: serviceKeys.recommendations,
    logger: logOf('recommendations'),
    onCrash: parts.onCrash ?? (() => {}),
  });
  const toRecommendations = link('recommendations', recommendations.app);

  const playlistNotifier = createChangeNotifier({
    log: parts.eventLog,
    topics: playlistChangeTopics,
    logger: logOf('playlists'),
  });
  teardown.add(() => playlistNotifier.stop());
  const playlists = await createPlaylists({
    ...rows.playlists,
    notifier: playlistNotifier,
    catalog: createLinkCatalogDirectory({ caller: ask('playlists', 'catalog', toCatalog), logger }),
    accounts: createLinkAccountDirectory({ caller: ask('playlists', 'users', toUsers), logger }),
    mixes: createLinkMixDirectory({ caller: ask('playlists', 'recommendations', toRecommendations) }),
    cursors,
    identity: createIdentityVerifier({
      audience: 'playlists',
      keys: identityKeys.playlists,
      serviceKeys: serviceKeys.playlists,
    }),
    logger: logOf('playlists'),
    metrics,
    replica: 'main',
  });
  const toPlaylists = link('playlists', playlists);

  const { index, writer, close } = await openMiniSearchIndex({
    folder: join(parts.folder, 'search'),
    logger: logOf('search'),
  });
  teardown.add(close);
  const indexing = createIndexing({
    writer,
    sources: [
      createLinkCatalogSource({ link: toCatalog, keys: serviceKeys.catalog }),
      createLinkPlaylistSource({ link: toPlaylists, keys: serviceKeys.playlists }),
    ],
    // The database is in this thread, and so is who waits for an answer.
    batchSize: 100,
    logger: logOf('search'),
    metrics,
  });
  teardown.add(() => indexing.stop());
  const search = await createSearch({
    index,
    indexing,
    cursors,
    identity: createIdentityVerifier({ audience: 'search', keys: identityKeys.search }),
    logger: logOf('search'),
    metrics,
  });

  const liveCounts = startLiveCounts({
    ...rows.analytics,
    log: parts.eventLog,
    logger: logOf('analytics'),
  });
  teardown.add(() => liveCounts.stop());
  const analytics = await createAnalytics({
    ...rows.analytics,
    log: parts.eventLog,
    live: liveCounts,
    cursors,
    identity: createIdentityVerifier({
      audience: 'analytics',
      keys: identityKeys.analytics,
      serviceKeys: serviceKeys.analytics,
    }),
    logger: logOf('analytics'),
  });

  return {
    links: {
      analytics: link('analytics', analytics),
      catalog: toCatalog,
      playlists: toPlaylists,
      recommendations: toRecommendations,
      search: link('search', search),
      streaming: link('streaming', streaming),
      users: toUsers,
    },
    identityKeys,
    users,
    indexing,
    facts,
    recommendations,
    isSearchable: async () => (await writer.readState()).generation !== null,
  };
}

function parseAll<Name extends string>(keys: Readonly<Record<Name, string>>): Record<Name, SigningKeys> {
  const parsed = Object.entries<string>(keys).map(([name, text]) => [name, parseSigningKeys(text)]);
  return Object.fromEntries(parsed) as Record<Name, SigningKeys>;
}
