import { createPrivateKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';

/** The private key of an elliptic curve, as RFC 7517 and RFC 7518, section 6.2, write it. */
const privateKeySchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
  kid: z.string().min(1).max(64),
  alg: z.literal('ES256').default('ES256'),
  use: z.literal('sig').default('sig'),
});
const keySetSchema = z.object({ keys: z.array(privateKeySchema).min(1) });

/** A JSON Web Key Set with private keys: the first signs, all are published. Secret as a whole. */
export type SigningKeySet = z.output<typeof keySetSchema>;
type PrivateKey = SigningKeySet['keys'][number];

/** What others need to verify: no `d`. */
export type PublicKeySet = { readonly keys: readonly Omit<PrivateKey, 'd'>[] };

/**
 * Reads `JWT_SIGNING_KEYS`: a JWK Set of private P-256 keys with distinct `kid`.
 * @throws Error that says which key is at fault and how, and shows no value
 */
export function parseSigningKeySet(text: string): SigningKeySet {
  const parsed = keySetSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(
      `expected a JWK Set of private P-256 keys, {"keys": [{"kty": "EC", "crv": "P-256", "kid", "x", "y", "d"}]}; ${issue?.path.join('.') || 'the text'}: ${issue?.message}`,
    );
  }
  const kids = new Set<string>();
  for (const [index, key] of parsed.data.keys.entries()) {
    if (kids.has(key.kid)) throw new Error(`keys.${index}.kid: ${JSON.stringify(key.kid)} came twice`);
    kids.add(key.kid);
    toKeyObject(key, `keys.${index}`);
  }
  return parsed.data;
}

/** A new set with one new key. */
export async function createSigningKeySet(): Promise<SigningKeySet> {
  return { keys: [await createKey()] };
}

/** The public half, as `/.well-known/jwks.json` shows it. */
export function toPublicKeySet({ keys }: SigningKeySet): PublicKeySet {
  return { keys: keys.map(({ d: _, ...publicKey }) => publicKey) };
}

/** @throws Error when the numbers are no point of the curve, or do not belong together */
export function toKeyObject(jwk: PrivateKey, name: string): KeyObject {
  try {
    return createPrivateKey({ key: jwk, format: 'jwk' });
  } catch {
    throw new Error(`${name}: x, y and d are not a key of P-256`);
  }
}

async function createKey(): Promise<PrivateKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  // The thumbprint names a key by its content (RFC 7638).
  return privateKeySchema.parse({ ...jwk, kid: await calculateJwkThumbprint(jwk) });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
