import { describe, expect, it } from 'vitest';
import {
  createSigningKeySet,
  parseSigningKeySet,
  toPublicKeySet,
} from '../../src/adapters/signing-key-set.ts';

describe('a set of signing keys', () => {
  it('is read as it was written', async () => {
    const keys = await createSigningKeySet();
    expect(parseSigningKeySet(JSON.stringify(keys))).toEqual(keys);
  });

  it('shows its public half only', async () => {
    const [key] = toPublicKeySet(await createSigningKeySet()).keys;
    expect(Object.keys(key ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  it('says what is wrong with it and shows no secret', async () => {
    const { keys } = await createSigningKeySet();
    const [key] = keys;
    if (!key) throw new Error('no key');
    const messageOf = (text: string) => {
      try {
        parseSigningKeySet(text);
        return 'accepted';
      } catch (error) {
        expect((error as Error).message).not.toContain(key.d);
        return (error as Error).message;
      }
    };
    expect(messageOf('not JSON')).toMatch(/expected a JWK Set of private P-256 keys.*the text:/);
    expect(messageOf('{"keys":[]}')).toMatch(/; keys: /);
    expect(messageOf(JSON.stringify({ keys: [{ ...key, d: undefined }] }))).toMatch(/keys\.0\.d: /);
    expect(messageOf(JSON.stringify({ keys: [{ ...key, crv: 'P-384' }] }))).toMatch(/keys\.0\.crv: /);
    expect(messageOf(JSON.stringify({ keys: [key, key] }))).toMatch(/keys\.1\.kid: .* came twice/);
    expect(messageOf(JSON.stringify({ keys: [{ ...key, x: key.y }] }))).toMatch(
      /keys\.0: x, y and d are not a key/,
    );
  });
});
