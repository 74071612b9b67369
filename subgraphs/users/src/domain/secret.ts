/** 256 bits that nobody guesses, as 43 characters of base64url. */
export function createSecret(bytes = 32): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('base64url');
}

/**
 * SHA-256: how secrets rest. They have too many bits to be guessed, so it needs neither salt nor slowness, and a lookup
 * by hash tells nothing by its time.
 */
export async function hashSecret(secret: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', Buffer.from(secret)));
}

/** A secret that follows from another and a salt: HMAC-SHA256. Neither of the two alone tells anything of it. */
export async function deriveSecret(secret: string, salt: Uint8Array): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', Buffer.from(salt), algorithm, false, ['sign']);
  const derived = await crypto.subtle.sign('HMAC', key, Buffer.from(secret));
  return Buffer.from(derived).toString('base64url');
}

export const createSalt = (): Uint8Array => crypto.getRandomValues(new Uint8Array(32));

export const isSameHash = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
