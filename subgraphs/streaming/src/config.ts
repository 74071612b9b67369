import { host, logLevel, port } from '@medley/config';
import { parseSigningKeys } from '@medley/signing-keys';
import { z } from 'zod';

/** `kid:secret,kid2:secret2`: the first signs, all verify. */
const signingKeys = z.string().transform((text, context) => {
  try {
    return parseSigningKeys(text);
  } catch (error) {
    // The message names the entry at fault and never its secret.
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

/** The environment of the streaming process. */
export const streamingConfig = {
  PORT: port(4003),
  HOST: host,
  LOG_LEVEL: logLevel,
  /** Shared with the router. */
  IDENTITY_KEYS_STREAMING: signingKeys,
  /** Shared with catalog, which is asked for track facts. */
  IDENTITY_KEYS_CATALOG: signingKeys,
  /** Shared with users, which is asked for account facts. */
  IDENTITY_KEYS_USERS: signingKeys,
  /** Catalog's GraphQL endpoint. */
  SUBGRAPH_URL_CATALOG: z.url({ protocol: /^https?$/ }),
  /** Users' GraphQL endpoint. */
  SUBGRAPH_URL_USERS: z.url({ protocol: /^https?$/ }),
  /** Shared with the edge. */
  URL_SIGNING_KEYS: signingKeys,
  /** For playback tokens; kept for as long as plays may be reported late. */
  PLAYBACK_TOKEN_KEYS: signingKeys,
  /** The edge as clients reach it. */
  EDGE_BASE_URL: z.url({ protocol: /^https?$/ }),
};
