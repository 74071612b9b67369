import { createHmac, type KeyObject } from 'node:crypto';

export interface TokenClaims {
  readonly kid: string;
  /** Unix seconds, decimal, without leading zeros. */
  readonly exp: string;
  /** The listener's pseudonym. */
  readonly uid: string;
}

const form = /^v1\.([A-Za-z0-9_-]{1,32})\.([1-9][0-9]{0,11})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/** `v1.<kid>.<exp>.<uid>.<sig>`. */
export function formatToken({ kid, exp, uid }: TokenClaims, signature: string): string {
  return `v1.${kid}.${exp}.${uid}.${signature}`;
}

export function parseToken(token: string): { claims: TokenClaims; signature: string } | undefined {
  const [, kid, exp, uid, signature] = form.exec(token) ?? [];
  if (!kid || !exp || !uid || !signature) return undefined;
  return { claims: { kid, exp, uid }, signature };
}

/**
 * HMAC-SHA256 over version, key id, expiry, pseudonym and normalised path, one a line, as 43 base64url
 * characters. No field can hold a newline, so no two sets of claims share a message.
 */
export function tokenSignature(secret: KeyObject, { kid, exp, uid }: TokenClaims, path: string): string {
  return createHmac('sha256', secret).update(`v1\n${kid}\n${exp}\n${uid}\n${path}`).digest('base64url');
}

/**
 * 128 bits that stand for a user at the edge. It changes when the key is rotated, which nobody minds: it ties a
 * URL to its listener and tells listeners apart in the access log of a day, no more.
 */
export function userPseudonym(secret: KeyObject, userId: string): string {
  const mac = createHmac('sha256', secret).update(`pseudonym\n${userId}`).digest();
  return mac.subarray(0, 16).toString('base64url');
}
