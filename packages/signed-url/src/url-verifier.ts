import { isSameText, type SigningKeys } from '@medley/signing-keys';
import { type AudioResource, parseAudioPath } from './audio-path.ts';
import { parseToken, tokenSignature } from './token.ts';

export type Verdict =
  | ({ readonly ok: true; readonly uid: string; readonly expiresAt: Date } & AudioResource)
  /**
   * MALFORMED: not the form of a signed URL. FORGED: an unknown key, a wrong signature, or a lifetime longer than
   * any grant's. EXPIRED: genuine, and over.
   */
  | { readonly ok: false; readonly reason: 'MALFORMED' | 'FORGED' | 'EXPIRED' };

export interface UrlVerifier {
  /** @param pathAndQuery as it stands in the request line: `/audio/v1/…/normal.ogg?t=v1…`. */
  verify(pathAndQuery: string): Verdict;
}

export interface UrlVerifierOptions {
  readonly keys: SigningKeys;
  /** The furthest expiry accepted, from now. Default 7,200: two hours. */
  readonly maxLifetimeSeconds?: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

export function createUrlVerifier({
  keys,
  maxLifetimeSeconds = 7_200,
  clock = Date.now,
}: UrlVerifierOptions): UrlVerifier {
  return {
    verify(pathAndQuery) {
      // Exactly one parameter: what is not signed has no business in a signed URL.
      const [path = '', token = ''] = pathAndQuery.split('?t=', 2);
      const resource = parseAudioPath(path);
      const parsed = parseToken(token);
      if (!resource || !parsed || pathAndQuery.length !== path.length + 3 + token.length) {
        return { ok: false, reason: 'MALFORMED' };
      }
      const { claims, signature } = parsed;
      const key = keys.byKid.get(claims.kid);
      if (!key || !isSameText(signature, tokenSignature(key.secret, claims, path))) {
        return { ok: false, reason: 'FORGED' };
      }
      const nowSeconds = clock() / 1000;
      const expSeconds = Number(claims.exp);
      if (expSeconds <= nowSeconds) return { ok: false, reason: 'EXPIRED' };
      if (expSeconds > nowSeconds + maxLifetimeSeconds) return { ok: false, reason: 'FORGED' };
      return { ok: true, ...resource, uid: claims.uid, expiresAt: new Date(expSeconds * 1000) };
    },
  };
}
