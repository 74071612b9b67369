import { timingSafeEqual } from 'node:crypto';
import type { SigningKeys } from '@medley/signing-keys';
import { claimsSchema, type IdentityClaims } from './claims.ts';
import { hashBody, macOf } from './sign.ts';

/** A request that is not signed as it must be. `reason` is for the log; the sender learns only that it was refused. */
export class IdentityError extends Error {
  readonly reason:
    | 'MISSING'
    | 'MALFORMED'
    | 'FORGED'
    | 'NOT_ENTITLED'
    | 'WRONG_AUDIENCE'
    | 'STALE'
    | 'ALTERED'
    | 'REPLAYED';

  constructor(reason: IdentityError['reason']) {
    super(`the identity of the request was refused: ${reason}`);
    this.name = 'IdentityError';
    this.reason = reason;
  }
}

export interface IdentityVerifier {
  /**
   * The claims of a request.
   * @throws IdentityError when it is unsigned, forged, signed by a key that may not speak for this actor, meant for another, stale, altered or replayed
   */
  verify(header: string | undefined, body: string): IdentityClaims;
}

/**
 * Checks requests to one subgraph. A request is good for 5 s either way (clocks differ) and once: nonces are remembered
 * for 10 s in this process.
 * @param keys of the router, which speaks for everybody but services
 * @param serviceKeys of other subgraphs, which speak for themselves only: as a service
 */
export function createIdentityVerifier({
  audience,
  keys,
  serviceKeys,
  now = Date.now,
}: {
  audience: string;
  keys: SigningKeys;
  serviceKeys?: SigningKeys;
  now?: () => number;
}): IdentityVerifier {
  const nonces = createNonceMemory(now);
  return {
    verify(header, body) {
      if (!header) throw new IdentityError('MISSING');
      const [version, kid, payload, signature, ...rest] = header.split('.');
      if (version !== 'v1' || !kid || !payload || !signature || rest.length > 0)
        throw new IdentityError('MALFORMED');
      const given = Buffer.from(signature, 'base64url');
      const isSignedBy = (signers: SigningKeys | undefined) => {
        const key = signers?.byKid.get(kid);
        return key !== undefined && isEqual(given, macOf(`v1.${kid}.${payload}`, key));
      };
      // Operators choose the ids of keys, so both lists may have the same: the signature decides.
      const isRouter = isSignedBy(keys);
      if (!isRouter && !isSignedBy(serviceKeys)) throw new IdentityError('FORGED');
      const claims = parseClaims(payload);
      if (isRouter === (claims.actor?.kind === 'service')) throw new IdentityError('NOT_ENTITLED');
      if (claims.aud !== audience) throw new IdentityError('WRONG_AUDIENCE');
      if (Math.abs(now() - claims.iat) > acceptedForMs) throw new IdentityError('STALE');
      if (claims.bodyHash !== hashBody(body)) throw new IdentityError('ALTERED');
      if (!nonces.claim(claims.nonce)) throw new IdentityError('REPLAYED');
      return claims;
    },
  };
}

const acceptedForMs = 5_000;

const isEqual = (given: Buffer, expected: Buffer) =>
  given.length === expected.length && timingSafeEqual(given, expected);

function parseClaims(payload: string): IdentityClaims {
  try {
    return claimsSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  } catch {
    throw new IdentityError('MALFORMED');
  }
}

/** Two sets that take turns: a nonce is remembered for 10 to 20 s and forgetting costs nothing. */
function createNonceMemory(now: () => number) {
  const turnMs = 2 * acceptedForMs;
  let current = new Set<string>();
  let previous = new Set<string>();
  let turnedAt = now();
  return {
    /** False when it was seen before. */
    claim(nonce: string): boolean {
      const elapsedMs = now() - turnedAt;
      if (elapsedMs >= turnMs) {
        previous = elapsedMs >= 2 * turnMs ? new Set() : current;
        current = new Set();
        turnedAt = now();
      }
      if (current.has(nonce) || previous.has(nonce)) return false;
      current.add(nonce);
      return true;
    },
  };
}
