import { silentLogger } from '@medley/testing';
import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { createJwksCache, createTokenVerifier, openGeoDatabase } from '../src/app.ts';

const userId = 'user_00000000000000000000000001';
const sessionId = 'session_00000000000000000000000001';
const good = { sub: userId, sid: sessionId, scope: 'a:read b:write', country: 'DE', explicit: false };
const now = Date.UTC(2026, 10, 23, 8);
const seconds = now / 1_000;

let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let jwks: JSONWebKeySet;
beforeAll(async () => {
  keys = await generateKeyPair('ES256', { extractable: true });
  jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'ES256' }] };
});

const sign = (payload: object = good, { alg = 'ES256', kid = 'one', key = keys.privateKey as never } = {}) =>
  new SignJWT({ iss: 'medley', aud: 'medley-api', iat: seconds, exp: seconds + 900, ...payload })
    .setProtectedHeader({ alg, kid })
    .sign(key);

function createVerifier(fetchKeys = async () => jwks, clock = () => now) {
  const cache = createJwksCache({ fetchKeys, logger: silentLogger, clock });
  return createTokenVerifier({
    findKey: cache.findKey,
    issuer: 'medley',
    audience: 'medley-api',
    clock,
  });
}

describe('an access token', () => {
  it('tells who asks, with scopes and hints', async () => {
    expect(await createVerifier()(await sign())).toEqual({
      actor: { kind: 'viewer', id: userId, sessionId, scopes: ['a:read', 'b:write'] },
      country: 'DE',
      explicit: false,
      // Clocks may differ by 5 s.
      expiresAt: now + 905_000,
    });
  });

  it('is refused from the moment on that it tells, and not before', async () => {
    let time = now;
    const verify = createVerifier(
      async () => jwks,
      () => time,
    );
    const token = await sign();
    const { expiresAt = 0 } = await verify(token);
    time = expiresAt - 1;
    await verify(token);
    time = expiresAt;
    await expect(verify(token)).rejects.toThrow('The access token has expired.');
  });

  it('may leave the hints out', async () => {
    const { country, explicit } = await createVerifier()(
      await sign({ ...good, country: undefined, explicit: undefined }),
    );
    expect({ country, explicit }).toEqual({ country: null, explicit: true });
  });

  it.each<[string, () => Promise<string> | string]>([
    ['of nobody', () => 'nonsense'],
    [
      'with alg none',
      () =>
        new UnsecuredJWT({
          ...good,
          iss: 'medley',
          aud: 'medley-api',
          iat: seconds,
          exp: seconds + 900,
        }).encode(),
    ],
    [
      'with alg HS256 under the public key',
      () =>
        sign(good, { alg: 'HS256', key: new TextEncoder().encode(JSON.stringify(jwks.keys[0])) as never }),
    ],
    ['of another issuer', () => sign({ ...good, iss: 'other' })],
    ['for another audience', () => sign({ ...good, aud: 'other' })],
    ['that has expired', () => sign({ ...good, exp: seconds - 6 })],
    ['that never expires', () => sign({ ...good, exp: undefined })],
    ['without a subject', () => sign({ ...good, sub: undefined })],
    ['for something that is no account', () => sign({ ...good, sub: 'service:catalog' })],
    ['without a session', () => sign({ ...good, sid: undefined })],
    ['without scopes', () => sign({ ...good, scope: undefined })],
    ['with an unknown key', () => sign(good, { kid: 'two' })],
    [
      'with another key of the same name',
      async () => sign(good, { key: (await generateKeyPair('ES256')).privateKey as never }),
    ],
    [
      'with a flipped bit',
      async () => (await sign()).replace(/\.(.)/, (_, first) => `.${first === 'e' ? 'f' : 'e'}`),
    ],
  ])('%s is refused', async (_, make) => {
    await expect(createVerifier()(await make())).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });

  it('says when it has expired, so that clients know to refresh', async () => {
    const expired = await sign({ ...good, exp: seconds - 60 });
    await expect(createVerifier()(expired)).rejects.toThrow('The access token has expired.');
  });
});

describe('the keys of access tokens', () => {
  it('hold on for an hour while users cannot be reached, and no longer', async () => {
    let time = now;
    let down = false;
    let asked = 0;
    const verify = createVerifier(
      async () => {
        asked += 1;
        if (down) throw new Error('connect ECONNREFUSED 10.0.0.7');
        return jwks;
      },
      () => time,
    );
    await verify(await sign());
    down = true;
    time += 1_800_000;
    await verify(await sign({ ...good, iat: time / 1_000, exp: time / 1_000 + 900 }));
    expect(asked).toBe(2);
    time += 2_000_000;
    const later = sign({ ...good, iat: time / 1_000, exp: time / 1_000 + 900 });
    await expect(verify(await later)).rejects.toMatchObject({ extensions: { code: 'UPSTREAM_UNAVAILABLE' } });
    down = false;
    time += 20_000;
    await verify(await later);
  });

  it('are asked for again when a token names a new one, but not at each forged one', async () => {
    let time = now;
    let asked = 0;
    const verify = createVerifier(
      async () => {
        asked += 1;
        return jwks;
      },
      () => time,
    );
    await verify(await sign());
    for (let i = 0; i < 10; i++) await verify(await sign(good, { kid: `forged-${i}` })).catch(() => {});
    expect(asked).toBe(1);
    time += 10_000;
    const rotated = await generateKeyPair('ES256', { extractable: true });
    jwks = { keys: [...jwks.keys, { ...(await exportJWK(rotated.publicKey)), kid: 'two', alg: 'ES256' }] };
    await verify(await sign(good, { kid: 'two', key: rotated.privateKey as never }));
    expect(asked).toBe(2);
  });
});

describe('the database of countries', () => {
  it.each([
    ['91.64.0.1', 'DE'],
    ['177.0.0.1', 'BR'],
    ['2a02:8100::1', 'DE'],
    ['::ffff:91.64.0.1', 'DE'],
    ['::ffff:5b40:1', 'DE'],
    ['91.64.0.1:443', 'DE'],
    ['[2a02:8100::1]:443', 'DE'],
    ['127.0.0.1', null],
    ['10.0.0.1', null],
    ['::1', null],
    ['nonsense', null],
    ['', null],
  ])('knows that %s is in %s', async (address, country) => {
    const geo = await openGeoDatabase();
    expect(geo.countryOf(address)).toBe(country);
  });
});
