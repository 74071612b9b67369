import { cassandraConfig } from '@medley/cassandra';
import { host, logLevel, port, postgresUrl, redisUrl, signingKeys } from '@medley/config';
import { eventLogConfig } from '@medley/event-log';
import { z } from 'zod';
import { archiveConfig } from './archive-config.ts';

/** The environment of the recommendations process. */
export const recommendationsConfig = {
  PORT: port(4007),
  HOST: host,
  LOG_LEVEL: logLevel,
  /** PostgreSQL: the copy of the catalog, models, what is on its way to the archive. */
  DATABASE_URL_RECOMMENDATIONS: postgresUrl,
  /** What accounts do: their history, profiles, mixes. Without Cassandra they are in PostgreSQL too. */
  ...cassandraConfig,
  /** Taste profiles at hand, and radios; without it each process has its own. */
  REDIS_URL: redisUrl.optional(),
  /** Shared with the router. */
  IDENTITY_KEYS_RECOMMENDATIONS: signingKeys,
  /** Shared with playlists, which copies mixes; they sign for services only. */
  SERVICE_KEYS_RECOMMENDATIONS: signingKeys,
  /** For the cursors of pages; shared by all processes. */
  CURSOR_KEYS: signingKeys,
  /** How long plays wait until they are written to the archive, in seconds; longer where they are few, or told late. */
  ARCHIVE_FLUSH_SECONDS: z.coerce.number().int().min(1).max(86_400).default(300),
  ...archiveConfig,
  ...eventLogConfig,
};
