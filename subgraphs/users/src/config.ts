import { host, logLevel, port, postgresUrl, redisUrl, signingKeys } from '@medley/config';
import { eventLogConfig } from '@medley/event-log';
import { z } from 'zod';

/** The environment of the users process. `JWT_SIGNING_KEYS` is parsed by the adapter that signs, in main.ts. */
export const usersConfig = {
  PORT: port(4001),
  HOST: host,
  LOG_LEVEL: logLevel,
  /** PostgreSQL. */
  DATABASE_URL_USERS: postgresUrl,
  /** Counts attempts for all processes together; without it each counts by itself. */
  REDIS_URL: redisUrl.optional(),
  /** `kid:secret,kid2:secret2`, shared with the router: the first signs, all verify. */
  IDENTITY_KEYS_USERS: signingKeys,
  /** The same, shared with streaming, which asks for playback facts: these sign for services only. */
  SERVICE_KEYS_USERS: signingKeys,
  /** `iss` of the access tokens; the router expects the same. */
  JWT_ISSUER: z.string(),
  /** `aud` of the access tokens; the router expects the same. */
  JWT_AUDIENCE: z.string(),
  ...eventLogConfig,
};
