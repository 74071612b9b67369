import type { SigningKeys } from '@medley/signing-keys';
import { type AudioResource, audioPath } from './audio-path.ts';
import { formatToken, tokenSignature, userPseudonym } from './token.ts';

export interface SignRequest extends AudioResource {
  /** Who may use the URL. Only a pseudonym of it goes into the URL. */
  readonly userId: string;
  /** Rounded down to the second. The edge refuses more than two hours from its own clock. */
  readonly expiresAt: Date;
}

export interface UrlSigner {
  /**
   * A full URL that plays one encoding of one track until it expires.
   * @throws RangeError for an empty user id, an invalid date or parts that make no audio path.
   */
  sign(request: SignRequest): string;
}

/** @param options.baseUrl of the edge as clients reach it, for example `https://edge.example.com`. */
export function createUrlSigner({ keys, baseUrl }: { keys: SigningKeys; baseUrl: string }): UrlSigner {
  const base = baseUrl.replace(/\/+$/, '');
  if (!URL.canParse(base))
    throw new RangeError(`baseUrl must be an absolute URL, got ${JSON.stringify(baseUrl)}`);
  const { kid, secret } = keys.current;
  return {
    sign(request) {
      if (!request.userId) throw new RangeError('userId must not be empty: there are no anonymous grants');
      const path = audioPath(request);
      const claims = { kid, exp: unixSeconds(request.expiresAt), uid: userPseudonym(secret, request.userId) };
      return `${base}${path}?t=${formatToken(claims, tokenSignature(secret, claims, path))}`;
    },
  };
}

function unixSeconds(date: Date): string {
  const seconds = Math.floor(date.getTime() / 1000);
  if (!(seconds > 0)) throw new RangeError(`expiresAt must be a date after 1970, got ${date}`);
  return String(seconds);
}
