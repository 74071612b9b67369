import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { SigningKey, SigningKeys } from '@medley/signing-keys';
import type { ClaimName, Identity, IdentityClaims } from './claims.ts';

/** The header that carries it: `v1.<kid>.<claims, base64url JSON>.<HMAC-SHA256, base64url>`. */
export const identityHeader = 'x-medley-identity';

export interface SignedRequest {
  readonly body: string;
  readonly requestId: string;
  /** When the client stops waiting, in milliseconds since 1970. */
  readonly deadline: number;
}

export interface IdentitySigner {
  /** The value of the header for this request. Each is good for one request only. */
  sign(identity: Identity, request: SignedRequest): string;
}

/**
 * Signs requests to one subgraph.
 * @param audience the subgraph
 * @param keys shared with that subgraph. The router's and another subgraph's are different keys: with the latter nobody can
 *   sign for anybody but a service, so no subgraph can speak to another one in the router's name
 * @param reads the claims that the subgraph declares to read; it gets no others
 */
export function createIdentitySigner({
  audience,
  keys,
  reads,
  now = Date.now,
}: {
  audience: string;
  keys: SigningKeys;
  reads: readonly ClaimName[];
  now?: () => number;
}): IdentitySigner {
  return {
    sign(identity, { body, requestId, deadline }) {
      const claims: Record<string, unknown> = {
        aud: audience,
        iat: now(),
        nonce: randomBytes(12).toString('base64url'),
        bodyHash: hashBody(body),
        requestId,
        deadline,
      } satisfies IdentityClaims;
      for (const name of reads) claims[name] = identity[name];
      const payload = `v1.${keys.current.kid}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
      return `${payload}.${macOf(payload, keys.current).toString('base64url')}`;
    },
  };
}

export const hashBody = (body: string) => createHash('sha256').update(body).digest('base64url');

export const macOf = (payload: string, key: SigningKey) =>
  createHmac('sha256', key.secret).update(payload).digest();
