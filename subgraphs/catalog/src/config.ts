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

/** The environment of the catalog process. */
export const catalogConfig = {
  PORT: port(4002),
  HOST: host,
  LOG_LEVEL: logLevel,
  /** The primary; read replicas stand behind an address of their own later. */
  DATABASE_URL_CATALOG: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Shared with the router and with streaming, which asks for playback facts. */
  IDENTITY_KEYS_CATALOG: signingKeys,
  /** For the cursors of pages; shared by all replicas. */
  CURSOR_KEYS: signingKeys,
  /** The edge as clients reach it, which shows covers. */
  EDGE_BASE_URL: z.url({ protocol: /^https?$/ }),
};
