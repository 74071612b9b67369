import { host, httpUrl, list, logLevel, port, signingKeys } from '@medley/config';
import { z } from 'zod';
import { publicLimits } from './limits/limits.ts';
import { defaultStreamLimits } from './stream-limits/stream-limits.ts';

const milliseconds = (fallback: number) => z.coerce.number().int().min(1).max(600_000).default(fallback);

const count = (fallback: number) => z.coerce.number().int().min(1).max(1_000_000).default(fallback);

/** The environment of the router; README.md says what each variable means. */
export const routerConfig = {
  HOST: host,
  PORT: port(4000),
  LOG_LEVEL: logLevel,
  SUBGRAPH_URL_ANALYTICS: httpUrl,
  SUBGRAPH_URL_CATALOG: httpUrl,
  SUBGRAPH_URL_PLAYLISTS: httpUrl,
  SUBGRAPH_URL_RECOMMENDATIONS: httpUrl,
  SUBGRAPH_URL_SEARCH: httpUrl,
  SUBGRAPH_URL_STREAMING: httpUrl,
  SUBGRAPH_URL_USERS: httpUrl,
  IDENTITY_KEYS_ANALYTICS: signingKeys,
  IDENTITY_KEYS_CATALOG: signingKeys,
  IDENTITY_KEYS_PLAYLISTS: signingKeys,
  IDENTITY_KEYS_RECOMMENDATIONS: signingKeys,
  IDENTITY_KEYS_SEARCH: signingKeys,
  IDENTITY_KEYS_STREAMING: signingKeys,
  IDENTITY_KEYS_USERS: signingKeys,
  JWT_JWKS_URL: httpUrl,
  JWT_ISSUER: z.string(),
  JWT_AUDIENCE: z.string(),
  TRUSTED_PROXIES: list,
  CORS_ORIGINS: list,
  /** The edge as browsers reach it: the explorer shows covers and plays audio from there. */
  EDGE_BASE_URL: httpUrl,
  GEOIP_DATABASE: z.string().optional(),
  /** Lets all replicas count the requests and streams of a client together. */
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  PUBLIC_REQUESTS_PER_MINUTE: count(120),
  PUBLIC_LIST_ITEMS: count(publicLimits.listItems),
  PUBLIC_VALUES: count(publicLimits.values),
  STREAMS_PER_VIEWER: count(defaultStreamLimits.perViewer),
  STREAMS_PER_APP: count(defaultStreamLimits.perApp),
  STREAMS_PER_ADDRESS: count(defaultStreamLimits.perAddress),
  UPSTREAM_TIMEOUT_MS: milliseconds(5_000),
  OPERATION_TIMEOUT_MS: milliseconds(10_000),
  DRAIN_MS: z.coerce.number().int().min(0).max(60_000).default(5_000),
};
