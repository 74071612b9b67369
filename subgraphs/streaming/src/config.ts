import { host, httpUrl, logLevel, port, redisUrl, signingKeys } from '@medley/config';
import { eventLogConfig } from '@medley/event-log';
import { z } from 'zod';

/** The environment of the streaming process. */
export const streamingConfig = {
  PORT: port(4003),
  HOST: host,
  LOG_LEVEL: logLevel,
  /** Shared with the router. */
  IDENTITY_KEYS_STREAMING: signingKeys,
  /** Shared with catalog, which is asked for track facts; they sign for services only. */
  SERVICE_KEYS_CATALOG: signingKeys,
  /** Shared with users, which is asked for account facts; likewise. */
  SERVICE_KEYS_USERS: signingKeys,
  /** Catalog's GraphQL endpoint. */
  SUBGRAPH_URL_CATALOG: httpUrl,
  /** Users' GraphQL endpoint. */
  SUBGRAPH_URL_USERS: httpUrl,
  /** Shared with the edge. */
  URL_SIGNING_KEYS: signingKeys,
  /** For playback tokens; kept for as long as plays may be reported late. */
  PLAYBACK_TOKEN_KEYS: signingKeys,
  /** For the cursors of subscriptions; shared by all processes. */
  CURSOR_KEYS: signingKeys,
  /** The edge as clients reach it. */
  EDGE_BASE_URL: httpUrl,
  /** For playback sessions and queues; without it they are in memory, which holds for one process only. */
  REDIS_URL: redisUrl.optional(),
  ...eventLogConfig,
  /** How many tracks, and how many accounts, are held in memory at most; some 2 KB each. */
  FACTS_CACHE_ENTRIES: z.coerce.number().int().min(1).default(20_000),
  /** A folder of its own, which outlives the process: plays wait there while the event log is away. */
  SPOOL_DIR: z.string(),
  /** What may wait there, in bytes. */
  SPOOL_MAX_BYTES: z.coerce.number().int().min(1_000_000).default(268_435_456),
  /** Of so many grants one is told to the event log; denials all are. */
  DECISION_SAMPLE_GRANTS: z.coerce.number().int().min(1).default(100),
};
