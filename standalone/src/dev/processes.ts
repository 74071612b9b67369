import { join } from 'node:path';
import type { Secrets } from '../secrets.ts';

/** A process of `npm run dev`: the same program and the same variables as in production. */
export interface DevProcess {
  readonly name: string;
  /** From the repository's root. */
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Where everything listens, on the loopback. */
export interface DevPorts {
  readonly router: number;
  readonly edge: number;
  readonly users: number;
  readonly analytics: number;
  readonly catalog: number;
  readonly streaming: number;
  readonly playlists: number;
  readonly recommendations: number;
  readonly search: number;
  readonly origin: number;
}

/**
 * The processes, each with the variables that it reads and no others.
 * @param databaseUrl of the PGlite that this process holds and offers over the loopback
 * @param eventLogUrl of the event log that this process holds and offers likewise, with its token
 * @param dataDir where the origin keeps its renderings, and streaming the plays that the log could not take
 */
export function devProcesses({
  ports,
  secrets,
  databaseUrl,
  eventLogUrl,
  dataDir,
  issuer,
}: {
  ports: DevPorts;
  secrets: Secrets;
  databaseUrl: string;
  eventLogUrl: string;
  dataDir: string;
  issuer: { issuer: string; audience: string };
}): DevProcess[] {
  const local = (port: number, path = '') => `http://127.0.0.1:${port}${path}`;
  const { analytics, catalog, playlists, recommendations, search, streaming, users } = secrets.identityKeys;
  const edgeUrl = `http://localhost:${ports.edge}`;
  const subgraphUrls = {
    SUBGRAPH_URL_CATALOG: local(ports.catalog, '/graphql'),
    SUBGRAPH_URL_USERS: local(ports.users, '/graphql'),
  };
  const playlistsUrl = local(ports.playlists, '/graphql');
  const log = { EVENT_LOG_URL: eventLogUrl };
  const jwt = { JWT_ISSUER: issuer.issuer, JWT_AUDIENCE: issuer.audience };
  return [
    {
      name: 'users',
      entry: 'subgraphs/users/src/main.ts',
      environment: {
        PORT: String(ports.users),
        DATABASE_URL_USERS: databaseUrl,
        ...log,
        IDENTITY_KEYS_USERS: users,
        SERVICE_KEYS_USERS: secrets.serviceKeys.users,
        JWT_SIGNING_KEYS: secrets.jwtSigningKeys,
        ...jwt,
      },
    },
    {
      name: 'catalog',
      entry: 'subgraphs/catalog/src/main.ts',
      environment: {
        PORT: String(ports.catalog),
        DATABASE_URL_CATALOG: databaseUrl,
        ...log,
        IDENTITY_KEYS_CATALOG: catalog,
        SERVICE_KEYS_CATALOG: secrets.serviceKeys.catalog,
        CURSOR_KEYS: secrets.cursorKeys,
        EDGE_BASE_URL: edgeUrl,
      },
    },
    {
      name: 'analytics',
      entry: 'subgraphs/analytics/src/main.ts',
      environment: {
        PORT: String(ports.analytics),
        DATABASE_URL_ANALYTICS: databaseUrl,
        ...log,
        IDENTITY_KEYS_ANALYTICS: analytics,
        SERVICE_KEYS_ANALYTICS: secrets.serviceKeys.analytics,
        CURSOR_KEYS: secrets.cursorKeys,
      },
    },
    {
      name: 'recommendations',
      entry: 'subgraphs/recommendations/src/main.ts',
      environment: {
        PORT: String(ports.recommendations),
        DATABASE_URL_RECOMMENDATIONS: databaseUrl,
        ...log,
        IDENTITY_KEYS_RECOMMENDATIONS: recommendations,
        SERVICE_KEYS_RECOMMENDATIONS: secrets.serviceKeys.recommendations,
        CURSOR_KEYS: secrets.cursorKeys,
        ARCHIVE_URL: join(dataDir, 'archive'),
      },
    },
    {
      name: 'streaming',
      entry: 'subgraphs/streaming/src/main.ts',
      environment: {
        PORT: String(ports.streaming),
        ...log,
        SPOOL_DIR: join(dataDir, 'spool'),
        IDENTITY_KEYS_STREAMING: streaming,
        SERVICE_KEYS_CATALOG: secrets.serviceKeys.catalog,
        SERVICE_KEYS_USERS: secrets.serviceKeys.users,
        ...subgraphUrls,
        URL_SIGNING_KEYS: secrets.urlSigningKeys,
        PLAYBACK_TOKEN_KEYS: secrets.playbackTokenKeys,
        CURSOR_KEYS: secrets.cursorKeys,
        EDGE_BASE_URL: edgeUrl,
      },
    },
    {
      name: 'playlists',
      entry: 'subgraphs/playlists/src/main.ts',
      environment: {
        PORT: String(ports.playlists),
        DATABASE_URL_PLAYLISTS: databaseUrl,
        ...log,
        IDENTITY_KEYS_PLAYLISTS: playlists,
        SERVICE_KEYS_PLAYLISTS: secrets.serviceKeys.playlists,
        SERVICE_KEYS_CATALOG: secrets.serviceKeys.catalog,
        SERVICE_KEYS_USERS: secrets.serviceKeys.users,
        SERVICE_KEYS_RECOMMENDATIONS: secrets.serviceKeys.recommendations,
        ...subgraphUrls,
        SUBGRAPH_URL_RECOMMENDATIONS: local(ports.recommendations, '/graphql'),
        CURSOR_KEYS: secrets.cursorKeys,
      },
    },
    {
      name: 'search',
      entry: 'subgraphs/search/src/main.ts',
      environment: {
        PORT: String(ports.search),
        IDENTITY_KEYS_SEARCH: search,
        SERVICE_KEYS_CATALOG: secrets.serviceKeys.catalog,
        SERVICE_KEYS_PLAYLISTS: secrets.serviceKeys.playlists,
        SUBGRAPH_URL_CATALOG: subgraphUrls.SUBGRAPH_URL_CATALOG,
        SUBGRAPH_URL_PLAYLISTS: playlistsUrl,
        CURSOR_KEYS: secrets.cursorKeys,
      },
    },
    {
      name: 'origin',
      entry: 'edge/src/commands/origin.ts',
      environment: { PORT: String(ports.origin), ORIGIN_SECRET: secrets.originSecret, DATA_DIR: dataDir },
    },
    {
      name: 'edge',
      entry: 'edge/src/main.ts',
      environment: {
        PORT: String(ports.edge),
        URL_SIGNING_KEYS: secrets.urlSigningKeys,
        ORIGIN_URL: local(ports.origin),
        ORIGIN_SECRET: secrets.originSecret,
        CORS_ORIGINS: `http://localhost:${ports.router},${local(ports.router)}`,
        DRAIN_MS: '0',
        EDGE_NODE: 'development',
        ...log,
      },
    },
    {
      name: 'router',
      entry: 'router/src/main.ts',
      environment: {
        PORT: String(ports.router),
        ...subgraphUrls,
        SUBGRAPH_URL_ANALYTICS: local(ports.analytics, '/graphql'),
        SUBGRAPH_URL_PLAYLISTS: playlistsUrl,
        SUBGRAPH_URL_RECOMMENDATIONS: local(ports.recommendations, '/graphql'),
        SUBGRAPH_URL_SEARCH: local(ports.search, '/graphql'),
        SUBGRAPH_URL_STREAMING: local(ports.streaming, '/graphql'),
        IDENTITY_KEYS_ANALYTICS: analytics,
        IDENTITY_KEYS_RECOMMENDATIONS: recommendations,
        IDENTITY_KEYS_CATALOG: catalog,
        IDENTITY_KEYS_USERS: users,
        IDENTITY_KEYS_PLAYLISTS: playlists,
        IDENTITY_KEYS_SEARCH: search,
        IDENTITY_KEYS_STREAMING: streaming,
        JWT_JWKS_URL: local(ports.users, '/.well-known/jwks.json'),
        ...jwt,
        TRUSTED_PROXIES: '127.0.0.0/8,::1/128',
        EDGE_BASE_URL: edgeUrl,
        DRAIN_MS: '0',
      },
    },
  ];
}
