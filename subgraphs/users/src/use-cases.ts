import type { AccessTokens } from './domain/access-tokens.ts';
import type { AccountRepository } from './domain/account.ts';
import { createPasswordChange } from './domain/change-password.ts';
import type { Clock } from './domain/clock.ts';
import type { Mail } from './domain/mail.ts';
import type { PasswordHasher } from './domain/password-hasher.ts';
import { createSessionRefresh } from './domain/refresh-session.ts';
import { createPasswordReset, createPasswordResetRequest } from './domain/reset-password.ts';
import type { NoteSecurityEvent } from './domain/security-event.ts';
import type { SessionRepository } from './domain/session.ts';
import { createSignIn } from './domain/sign-in.ts';
import { createSignOut, createSignOutEverywhere } from './domain/sign-out.ts';
import { createSignUp } from './domain/sign-up.ts';
import { createSessionStarter } from './domain/start-session.ts';
import type { Throttle } from './domain/throttle.ts';
import { createTierSet, createViewerUpdate } from './domain/update-account.ts';

export interface Ports {
  readonly accounts: AccountRepository;
  readonly sessions: SessionRepository;
  readonly passwords: PasswordHasher;
  readonly tokens: AccessTokens;
  readonly throttle: Throttle;
  readonly mail: Mail;
  readonly clock: Clock;
  readonly note: NoteSecurityEvent;
  /** Does work whose end nobody waits for. */
  readonly later: (work: () => Promise<void>) => void;
}

/** What mutations do, each one function. */
export function createUseCases(ports: Ports) {
  const startSession = createSessionStarter(ports);
  return {
    signUp: createSignUp({ ...ports, startSession }),
    signIn: createSignIn({ ...ports, startSession }),
    refresh: createSessionRefresh(ports),
    signOut: createSignOut(ports),
    signOutEverywhere: createSignOutEverywhere(ports),
    changePassword: createPasswordChange(ports),
    requestPasswordReset: createPasswordResetRequest(ports),
    resetPassword: createPasswordReset(ports),
    updateViewer: createViewerUpdate(ports),
    setTier: createTierSet(ports),
  };
}
export type UseCases = ReturnType<typeof createUseCases>;
