import { createSecret, hashSecret, isSameHash } from './secret.ts';
import { isAlive, type Session } from './session.ts';

/**
 * A refresh token: `mrt.<family>.<secret>`. The family stays for the whole session and finds it; the secret changes at
 * each rotation. So every token that a session ever gave out is recognised, at the price of one row per session.
 */
export interface RefreshToken {
  /** 128 random bits. */
  readonly family: string;
  /** 256 bits, unknown to whoever has not got this very token or its predecessor and the session's salt. */
  readonly secret: string;
}

/** How long a client whose answer got lost may ask again, in milliseconds. */
export const retryWindowMs = 10_000;

export const createRefreshToken = (): RefreshToken => ({ family: createSecret(16), secret: createSecret() });

export const writeRefreshToken = ({ family, secret }: RefreshToken): string => `mrt.${family}.${secret}`;

/** Undefined when it has not the form of one. */
export function readRefreshToken(text: string): RefreshToken | undefined {
  const [, family, secret] = /^mrt\.([\w-]{22})\.([\w-]{43})$/.exec(text) ?? [];
  return family && secret ? { family, secret } : undefined;
}

export const hashRefreshToken = async ({ family, secret }: RefreshToken) => ({
  familyHash: await hashSecret(family),
  secretHash: await hashSecret(secret),
});

/**
 * What a presented refresh token deserves. ROTATE: it is the current one. REPEAT: it was current until a moment ago, so
 * its holder may not have got the answer, and gets the same successor again. REUSED: it belongs to the session but was
 * replaced; somebody else has it or its successor (RFC 9700, section 4.14.2). REJECTED: the session is unknown or over.
 */
export function decideRefresh(
  session: Session | null,
  secretHash: Uint8Array,
  now: Date,
): 'ROTATE' | 'REPEAT' | 'REUSED' | 'REJECTED' {
  if (!session || !isAlive(session, now)) return 'REJECTED';
  if (isSameHash(session.secretHash, secretHash)) return 'ROTATE';
  const isPrevious =
    session.previousSecretHash !== null && isSameHash(session.previousSecretHash, secretHash);
  const isRecent = now.getTime() - session.lastUsedAt.getTime() <= retryWindowMs;
  return isPrevious && isRecent ? 'REPEAT' : 'REUSED';
}
