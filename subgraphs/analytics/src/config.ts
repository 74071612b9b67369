import { host, logLevel, port, postgresUrl, signingKeys } from '@medley/config';
import { eventLogConfig } from '@medley/event-log';
import { z } from 'zod';

/** The environment of the analytics process. */
export const analyticsConfig = {
  PORT: port(4006),
  HOST: host,
  LOG_LEVEL: logLevel,
  /** PostgreSQL. */
  DATABASE_URL_ANALYTICS: postgresUrl,
  /** Shared with the router. */
  IDENTITY_KEYS_ANALYTICS: signingKeys,
  /** Shared with the edge, which asks what is played most; they sign for services only. */
  SERVICE_KEYS_ANALYTICS: signingKeys,
  /** For the cursors of pages; shared by all processes. */
  CURSOR_KEYS: signingKeys,
  /** Tracks that are played less in 28 days have the popularity that catalog knows. */
  POPULARITY_MIN_PLAYS: z.coerce.number().int().min(1).default(100),
  ...eventLogConfig,
};
