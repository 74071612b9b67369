import type { Account } from './account.ts';

export interface AccessToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Makes what clients show to the router. */
export interface AccessTokens {
  /** @param ttlSeconds 15 minutes unless told otherwise */
  issue(holder: { account: Account; sessionId: string }, ttlSeconds?: number): Promise<AccessToken>;
}
