import type { Clock } from './clock.ts';
import type { NoteSecurityEvent } from './security-event.ts';
import type { SessionRepository } from './session.ts';
import type { Viewer } from './viewer.ts';

interface Deps {
  sessions: SessionRepository;
  clock: Clock;
  note: NoteSecurityEvent;
}

/** Ends one session. Gives back how many were ended: 0 when it was over already. */
export function createSignOut({ sessions, clock, note }: Deps) {
  return async ({ accountId, sessionId }: { accountId: string; sessionId: string }): Promise<number> => {
    const ended = (await sessions.end(sessionId, 'SIGNED_OUT', clock())) ? 1 : 0;
    note({ type: 'SIGNED_OUT', accountId, sessions: ended });
    return ended;
  };
}

/** Ends all sessions of the account. Gives back how many. */
export function createSignOutEverywhere({ sessions, clock, note }: Deps) {
  return async ({ account }: Viewer): Promise<number> => {
    const ended = await sessions.endAll(account.id, 'SIGNED_OUT_EVERYWHERE', clock());
    note({ type: 'SIGNED_OUT_EVERYWHERE', accountId: account.id, sessions: ended });
    return ended;
  };
}
