/** What an operator may want to know of. Ids are UUIDs; nothing secret, no addresses of people. */
export type SecurityEvent =
  | { type: 'SIGNED_UP' | 'SIGNED_IN'; accountId: string; sessionId: string }
  | { type: 'SIGN_IN_REJECTED'; accountId: string | null }
  | { type: 'SIGNED_OUT' | 'SIGNED_OUT_EVERYWHERE'; accountId: string; sessions: number }
  | { type: 'REFRESH_TOKEN_REUSED'; accountId: string; sessionId: string }
  | { type: 'PASSWORD_CHANGED' | 'PASSWORD_RESET' | 'PASSWORD_RESET_MAILED'; accountId: string }
  | { type: 'TIER_SET'; accountId: string; by: string; tier: string }
  | { type: 'THROTTLED'; limit: string };

export type NoteSecurityEvent = (event: SecurityEvent) => void;
