import { host, logLevel, port } from '@medley/config';
import { parseSigningKeys } from '@medley/signing-keys';
import { z } from 'zod';

/** The environment of the users process. `JWT_SIGNING_KEYS` is parsed by the adapter that signs, in main.ts. */
export const usersConfig = {
  PORT: port(4001),
  HOST: host,
  LOG_LEVEL: logLevel,
  /** PostgreSQL. */
  DATABASE_URL_USERS: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Counts attempts for all processes together; without it each counts by itself. */
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** `kid:secret,kid2:secret2`, shared with the router and with streaming: the first signs, all verify. */
  IDENTITY_KEYS_USERS: parsedBy(parseSigningKeys),
  /** `iss` of the access tokens; the router expects the same. */
  JWT_ISSUER: z.string(),
  /** `aud` of the access tokens; the router expects the same. */
  JWT_AUDIENCE: z.string(),
};

/** @param parse throws errors whose messages show no secret */
export function parsedBy<Value>(parse: (text: string) => Value) {
  return z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  });
}
