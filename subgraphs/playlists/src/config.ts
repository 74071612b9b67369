import { host, httpUrl, list, logLevel, port, postgresUrl, signingKeys } from '@medley/config';
import { eventLogConfig } from '@medley/event-log';
import { z } from 'zod';

/** The environment of the playlists process. */
export const playlistsConfig = {
  PORT: port(4004),
  HOST: host,
  LOG_LEVEL: logLevel,
  /** PostgreSQL. Each replica has a database of its own. */
  DATABASE_URL_PLAYLISTS: postgresUrl,
  /** Names the database: all processes on one share it, no two databases may. It never changes. */
  REPLICA_ID: z
    .string()
    .regex(/^[a-z0-9]{1,16}$/, 'must be 1 to 16 lower case letters and digits')
    .default('main'),
  /** The GraphQL endpoints of the playlists subgraph at the other replicas, with commas; none when there is one. */
  PLAYLISTS_PEER_URLS: list.pipe(z.array(httpUrl)),
  /** Shared with the router. */
  IDENTITY_KEYS_PLAYLISTS: signingKeys,
  /** Shared with search and the other replicas: these sign for services only. */
  SERVICE_KEYS_PLAYLISTS: signingKeys,
  /** Shared with catalog, which is asked whether tracks exist; they sign for services only. */
  SERVICE_KEYS_CATALOG: signingKeys,
  /** Shared with users, which is asked whether accounts exist; likewise. */
  SERVICE_KEYS_USERS: signingKeys,
  /** Shared with recommendations, which is asked what is in a mix; likewise. */
  SERVICE_KEYS_RECOMMENDATIONS: signingKeys,
  /** Catalog's GraphQL endpoint. */
  SUBGRAPH_URL_CATALOG: httpUrl,
  /** Users' GraphQL endpoint. */
  SUBGRAPH_URL_USERS: httpUrl,
  /** Recommendations' GraphQL endpoint. */
  SUBGRAPH_URL_RECOMMENDATIONS: httpUrl,
  /** For the cursors of pages; shared by all processes and replicas. */
  CURSOR_KEYS: signingKeys,
  ...eventLogConfig,
};
