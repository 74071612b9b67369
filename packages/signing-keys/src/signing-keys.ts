import { createSecretKey, type KeyObject } from 'node:crypto';

export interface SigningKey {
  readonly kid: string;
  readonly secret: KeyObject;
}

export interface SigningKeys {
  /** The key that signs from now on: URLs, cursors, identities and whatever else is signed by these keys. */
  readonly current: SigningKey;
  /** Every key that still verifies, by key id; `current` is one of them. */
  readonly byKid: ReadonlyMap<string, SigningKey>;
}

const MIN_SECRET_BYTES = 32;

/**
 * Reads `kid:secret,kid2:secret2`: the first signs, all verify. A key id is 1..32 characters of
 * `A-Z a-z 0-9 _ -`; a secret is base64url of at least 32 bytes, the output length of HMAC-SHA256
 * (RFC 2104 section 3 discourages shorter ones).
 * @throws Error that names the entry at fault and never its secret.
 */
export function parseSigningKeys(text: string): SigningKeys {
  const byKid = new Map<string, SigningKey>();
  const entries = text.split(',').map((entry) => entry.trim());
  for (const [index, entry] of entries.entries()) {
    const key = parseEntry(entry, `Signing key ${index + 1} of ${entries.length}`);
    if (byKid.has(key.kid)) throw new Error(`Signing keys need distinct ids, "${key.kid}" came twice`);
    byKid.set(key.kid, key);
  }
  const [current] = byKid.values();
  return { current: current as SigningKey, byKid };
}

function parseEntry(entry: string, where: string): SigningKey {
  const colon = entry.indexOf(':');
  if (colon < 0) throw new Error(`${where} must be <kid>:<base64url secret>, got no colon`);
  const kid = entry.slice(0, colon);
  const encoded = entry.slice(colon + 1);
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(kid)) {
    throw new Error(
      `${where} must have an id of 1..32 characters A-Z a-z 0-9 _ -, got ${JSON.stringify(kid)}`,
    );
  }
  if (!/^[A-Za-z0-9_-]*$/.test(encoded)) {
    throw new Error(`${where} ("${kid}") must have its secret in base64url without padding`);
  }
  const bytes = Buffer.from(encoded, 'base64url');
  if (bytes.length < MIN_SECRET_BYTES) {
    throw new Error(
      `${where} ("${kid}") must have at least ${MIN_SECRET_BYTES} bytes of secret, got ${bytes.length}`,
    );
  }
  return { kid, secret: createSecretKey(bytes) };
}
