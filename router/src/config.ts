import { host, list, logLevel, port } from '@medley/config';
import { parseSigningKeys } from '@medley/signing-keys';
import { z } from 'zod';

const url = z.url({ protocol: /^https?$/, error: 'must be an http: or https: URL' });
const milliseconds = (fallback: number) => z.coerce.number().int().min(1).max(600_000).default(fallback);
const signingKeys = z.string().transform((text, context) => {
  try {
    return parseSigningKeys(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

/** The environment of the router; README.md says what each variable means. */
export const configShape = {
  HOST: host,
  PORT: port(4000),
  LOG_LEVEL: logLevel,
  SUBGRAPH_URL_CATALOG: url,
  SUBGRAPH_URL_STREAMING: url,
  SUBGRAPH_URL_USERS: url,
  IDENTITY_KEYS_CATALOG: signingKeys,
  IDENTITY_KEYS_STREAMING: signingKeys,
  IDENTITY_KEYS_USERS: signingKeys,
  JWT_JWKS_URL: url,
  JWT_ISSUER: z.string(),
  JWT_AUDIENCE: z.string(),
  TRUSTED_PROXIES: list,
  CORS_ORIGINS: list,
  GEOIP_DATABASE: z.string().optional(),
  UPSTREAM_TIMEOUT_MS: milliseconds(5_000),
  OPERATION_TIMEOUT_MS: milliseconds(10_000),
  DRAIN_MS: z.coerce.number().int().min(0).max(60_000).default(5_000),
};
