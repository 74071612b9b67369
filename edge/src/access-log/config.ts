import { host, logLevel, port } from '@medley/config';
import { eventLogConfig } from '@medley/event-log';
import { z } from 'zod';
import { nodeName } from '../config.ts';
import { edgeTiers } from './count-range.ts';

/** The environment of the shipper; README.md says what each variable means. */
export const shipperConfig = {
  PORT: port(4101),
  HOST: host,
  LOG_LEVEL: logLevel,
  /** The file that nginx writes. */
  ACCESS_LOG_FILE: z.string(),
  /** Where it keeps how far it is; in a folder that outlives the process. */
  SHIPPER_STATE_FILE: z.string(),
  /** As the node calls itself. */
  EDGE_NODE: nodeName,
  /**
   * `ALONE` tells all of the log, `BEHIND_SHIELD` the answers only, as what the node fetches comes from the shield, `SHIELD` only what it
   * fetches, as its answers go to nodes of the edge. So the sums over all nodes are those of listeners and of the origin.
   */
  EDGE_TIER: z.enum(edgeTiers).default('ALONE'),
  /** Of so many requests one is told as it is; 0 for none. */
  ACCESS_SAMPLE_REQUESTS: z.coerce.number().int().min(0).default(1_000),
  /** How often it looks. */
  SHIP_INTERVAL_MS: z.coerce.number().int().min(100).default(10_000),
  ...eventLogConfig,
};
