import { encodeId } from '@medley/ids';
import { SignJWT } from 'jose';
import type { AccessTokens } from '../domain/access-tokens.ts';
import { type PublicKeySet, type SigningKeySet, toKeyObject, toPublicKeySet } from './signing-key-set.ts';

/** How long an access token is good, in seconds. */
const accessTokenTtlSeconds = 900;

export interface Tokens extends AccessTokens {
  /** The keys that verify its tokens. */
  jwks(): PublicKeySet;
}

/**
 * Access tokens as JWT, signed with ES256: `sub` is the account (`user_…`), `sid` the session (`session_…`), `scope` a
 * list with spaces. `tier`, `country` and `explicit` are hints: they were true when it was signed.
 * @param keys the first signs
 * @param clock milliseconds since 1970
 */
export function createTokens({
  keys,
  issuer,
  audience,
  clock = Date.now,
}: {
  keys: SigningKeySet;
  issuer: string;
  audience: string;
  clock?: () => number;
}): Tokens {
  const [current] = keys.keys;
  if (!current) throw new Error('signing needs at least one key, got none');
  const privateKey = toKeyObject(current, 'keys.0');
  const published = toPublicKeySet(keys);
  return {
    async issue({ account, sessionId }, ttlSeconds = accessTokenTtlSeconds) {
      const issuedAt = Math.floor(clock() / 1_000);
      const token = await new SignJWT({
        sid: encodeId('session', sessionId),
        scope: account.scopes.join(' '),
        tier: account.tier,
        country: account.country,
        explicit: account.allowsExplicit,
      })
        .setProtectedHeader({ alg: 'ES256', kid: current.kid, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(encodeId('user', account.id))
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + ttlSeconds)
        .sign(privateKey);
      return { token, expiresAt: new Date((issuedAt + ttlSeconds) * 1_000) };
    },
    jwks: () => published,
  };
}
