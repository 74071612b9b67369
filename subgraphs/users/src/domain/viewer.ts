import type { Account } from './account.ts';
import { isAlive, type Session } from './session.ts';

/** An account that asks, in one of its sessions. */
export interface Viewer {
  readonly account: Account;
  readonly sessionId: string;
}

/**
 * The viewer behind a credential that the router found good; null when its session has ended since, or is not its
 * account's, or the account is not active.
 */
export function decideViewer(
  claimed: { accountId: string; sessionId: string },
  session: Session | null,
  account: Account | null,
  now: Date,
): Viewer | null {
  if (!session || !account || !isAlive(session, now)) return null;
  if (session.id !== claimed.sessionId || account.id !== claimed.accountId) return null;
  if (session.accountId !== account.id || account.status !== 'ACTIVE') return null;
  return { account, sessionId: session.id };
}

/** A session as its account sees it. */
export interface ViewerSession {
  readonly session: Session;
  /** Whether it is the one that asks. */
  readonly isCurrent: boolean;
}
