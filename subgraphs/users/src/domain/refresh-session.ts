import type { AccessTokens } from './access-tokens.ts';
import type { AccountRepository } from './account.ts';
import type { Clock } from './clock.ts';
import { done, type Outcome, refused } from './outcome.ts';
import {
  decideRefresh,
  hashRefreshToken,
  type RefreshToken,
  readRefreshToken,
  writeRefreshToken,
} from './refresh-token.ts';
import { createSalt, deriveSecret, hashSecret } from './secret.ts';
import type { NoteSecurityEvent } from './security-event.ts';
import { expiryOf, type Session, type SessionRepository } from './session.ts';
import type { SessionTokens } from './start-session.ts';

/** Trades refresh tokens. Of several that bring the same one at once, one rotates and all get its successor. */
export function createSessionRefresh({
  accounts,
  sessions,
  tokens,
  clock,
  note,
}: {
  accounts: AccountRepository;
  sessions: SessionRepository;
  tokens: AccessTokens;
  clock: Clock;
  note: NoteSecurityEvent;
}) {
  /** Undefined when somebody else was faster. */
  async function rotate(session: Session, presented: RefreshToken, from: Uint8Array, now: Date) {
    const successorSalt = createSalt();
    const secret = await deriveSecret(presented.secret, successorSalt);
    const expiresAt = expiryOf(session.createdAt, now);
    const to = await hashSecret(secret);
    const won = await sessions.rotate({ id: session.id, from, to, successorSalt, now, expiresAt });
    return won ? { secret, expiresAt } : undefined;
  }

  return async (text: string): Promise<Outcome<SessionTokens>> => {
    const presented = readRefreshToken(text);
    if (!presented) return refused(rejected);
    const { familyHash, secretHash } = await hashRefreshToken(presented);
    // Who loses a rotation to another looks again, and finds its token to be the previous one.
    for (let round = 0; round < 3; round++) {
      const now = clock();
      const session = await sessions.findByFamily(familyHash);
      const decision = decideRefresh(session, secretHash, now);
      if (!session || decision === 'REJECTED') return refused(rejected);
      if (decision === 'REUSED') {
        await sessions.end(session.id, 'TOKEN_REUSED', now);
        note({ type: 'REFRESH_TOKEN_REUSED', accountId: session.accountId, sessionId: session.id });
        return refused(rejected);
      }
      const [account] = await accounts.findByIds([session.accountId]);
      if (account?.status !== 'ACTIVE') return refused(rejected);
      const successor =
        decision === 'REPEAT' && session.successorSalt
          ? {
              secret: await deriveSecret(presented.secret, session.successorSalt),
              expiresAt: session.expiresAt,
            }
          : await rotate(session, presented, secretHash, now);
      if (!successor) continue;
      const access = await tokens.issue({ account, sessionId: session.id });
      return done({
        accessToken: access.token,
        accessTokenExpiresAt: access.expiresAt,
        refreshToken: writeRefreshToken({ family: presented.family, secret: successor.secret }),
        refreshTokenExpiresAt: successor.expiresAt,
      });
    }
    return refused(rejected);
  };
}

const rejected = {
  field: 'refreshToken',
  code: 'TOKEN_REJECTED',
  message: 'This session is over: sign in again.',
} as const;
