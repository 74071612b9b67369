import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { createTokens } from '../../src/adapters/jwt-access-tokens.ts';
import { createSigningKeySet } from '../../src/adapters/signing-key-set.ts';
import type { Account } from '../../src/domain/account.ts';

const account = {
  id: '00000000-0000-4000-8000-000000000001',
  country: 'US',
  tier: 'PREMIUM',
  allowsExplicit: false,
  scopes: ['analytics:read', 'users:admin'],
} as unknown as Account;
const sessionId = '00000000-0000-4000-8000-000000000002';
const options = { issuer: 'https://medley.test', audience: 'medley', clock: () => 1_000_000_500 };
const verify = (token: string, jwks: unknown, now = 1_000_000_000) =>
  jwtVerify(token, createLocalJWKSet(jwks as never), {
    issuer: 'https://medley.test',
    audience: 'medley',
    algorithms: ['ES256'],
    currentDate: new Date(now),
  });

describe('an access token', () => {
  it('says who holds it, for fifteen minutes', async () => {
    const tokens = createTokens({ keys: await createSigningKeySet(), ...options });
    const { token, expiresAt } = await tokens.issue({ account, sessionId });
    const { payload } = await verify(token, tokens.jwks());
    expect(payload).toEqual({
      iss: 'https://medley.test',
      aud: 'medley',
      sub: 'user_00000000008008000000000001',
      sid: 'session_00000000008008000000000002',
      scope: 'analytics:read users:admin',
      tier: 'PREMIUM',
      country: 'US',
      explicit: false,
      iat: 1_000_000,
      exp: 1_000_900,
    });
    expect(expiresAt).toEqual(new Date(1_000_900_000));
    await expect(verify(token, tokens.jwks(), 1_000_900_000)).rejects.toThrow('exp');
  });

  it('stays good while its key is published, whichever key signs now', async () => {
    const first = await createSigningKeySet();
    const third = await createSigningKeySet();
    const second = { keys: [...third.keys, ...first.keys] };
    const old = await createTokens({ keys: first, ...options }).issue({ account, sessionId });
    const after = createTokens({ keys: second, ...options });
    await verify(old.token, after.jwks());
    expect(decodeProtectedHeader((await after.issue({ account, sessionId })).token).kid).toBe(
      second.keys[0]?.kid,
    );
    await expect(verify(old.token, createTokens({ keys: third, ...options }).jwks())).rejects.toThrow();
  });
});
