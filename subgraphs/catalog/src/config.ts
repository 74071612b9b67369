import { host, httpUrl, logLevel, port, postgresUrl, signingKeys } from '@medley/config';

/** The environment of the catalog process. */
export const catalogConfig = {
  PORT: port(4002),
  HOST: host,
  LOG_LEVEL: logLevel,
  /** The primary; read replicas stand behind an address of their own later. */
  DATABASE_URL_CATALOG: postgresUrl,
  /** Shared with the router. */
  IDENTITY_KEYS_CATALOG: signingKeys,
  /** Shared with streaming, which asks for playback facts: these sign for services only. */
  SERVICE_KEYS_CATALOG: signingKeys,
  /** For the cursors of pages; shared by all replicas. */
  CURSOR_KEYS: signingKeys,
  /** The edge as clients reach it, which shows covers. */
  EDGE_BASE_URL: httpUrl,
};
