import { host, httpUrl, list, logLevel, port, signingKeys } from '@medley/config';
import { audioQualities } from '@medley/signed-url';
import { z } from 'zod';

/** The environment of the process that warms the edge; README.md says what each variable means. */
export const warmingConfig = {
  PORT: port(4102),
  HOST: host,
  LOG_LEVEL: logLevel,
  /** Analytics' GraphQL endpoint. */
  SUBGRAPH_URL_ANALYTICS: httpUrl,
  /** Shared with analytics, which takes them for services only. */
  SERVICE_KEYS_ANALYTICS: signingKeys,
  /** Shared with streaming and the edge. */
  URL_SIGNING_KEYS: signingKeys,
  /** Each node by an address of its own. */
  WARM_EDGE_URLS: list.pipe(z.array(httpUrl).min(1)),
  WARM_INTERVAL_MINUTES: z.coerce.number().min(1).default(60),
  /** Of the tracks that were played in the last seven days, the most played ones. */
  WARM_SHARE: z.coerce.number().min(0).max(1).default(0.01),
  WARM_MIN_TRACKS: z.coerce.number().int().min(0).default(100),
  WARM_QUALITIES: list
    .transform((qualities) => (qualities.length > 0 ? qualities : ['NORMAL', 'HIGH']))
    .pipe(z.array(z.enum(audioQualities))),
  /** What one run may cost the origin. */
  WARM_BUDGET_BYTES: z.coerce.number().int().min(0).default(10_737_418_240),
  WARM_BYTES_PER_SECOND: z.coerce.number().int().min(1).default(52_428_800),
  WARM_CONCURRENCY: z.coerce.number().int().min(1).max(256).default(8),
};
