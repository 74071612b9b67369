import type { AccessTokens } from './access-tokens.ts';
import type { Account } from './account.ts';
import type { Clock } from './clock.ts';
import { createRefreshToken, hashRefreshToken, writeRefreshToken } from './refresh-token.ts';
import { expiryOf, type Session, type SessionRepository } from './session.ts';

/** What signs a client in. */
export interface SessionTokens {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
}

export interface SignedIn {
  readonly account: Account;
  readonly session: Session;
  readonly tokens: SessionTokens;
}

/**
 * Starts a session for an account whose password was just checked. It is always a new one, with secrets made here,
 * whatever the client had before. Null when the password was changed, or the account closed, in between.
 */
export function createSessionStarter({
  sessions,
  tokens,
  clock,
}: {
  sessions: SessionRepository;
  tokens: AccessTokens;
  clock: Clock;
}) {
  return async (account: Account, device: string | null): Promise<SignedIn | null> => {
    const now = clock();
    const refreshToken = createRefreshToken();
    const session = await sessions.start(
      {
        accountId: account.id,
        device,
        ...(await hashRefreshToken(refreshToken)),
        now,
        expiresAt: expiryOf(now, now),
      },
      account.passwordHash,
    );
    if (!session) return null;
    const access = await tokens.issue({ account, sessionId: session.id });
    return {
      account,
      session,
      tokens: {
        accessToken: access.token,
        accessTokenExpiresAt: access.expiresAt,
        refreshToken: writeRefreshToken(refreshToken),
        refreshTokenExpiresAt: session.expiresAt,
      },
    };
  };
}
export type StartSession = ReturnType<typeof createSessionStarter>;
