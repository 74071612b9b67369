import type { AccountRepository } from './account.ts';
import { type Attempt, giveBackAttempt, takeAttempt } from './attempts.ts';
import type { Clock } from './clock.ts';
import { done, type Outcome, refused } from './outcome.ts';
import { normalisePassword, readNewPassword } from './password.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { NoteSecurityEvent } from './security-event.ts';
import type { Throttle } from './throttle.ts';
import type { Viewer } from './viewer.ts';

/** Changes a password and ends all other sessions: whoever knew the old one is out. */
export function createPasswordChange(deps: {
  accounts: AccountRepository;
  passwords: PasswordHasher;
  throttle: Throttle;
  clock: Clock;
  note: NoteSecurityEvent;
}) {
  const { accounts, passwords, throttle, clock, note } = deps;
  return async (
    { account, sessionId }: Viewer,
    input: { currentPassword: string; newPassword: string },
  ): Promise<Outcome<Viewer>> => {
    const next = readNewPassword(input.newPassword, { field: 'newPassword', email: account.email });
    if (!next.ok) return next;
    const current = normalisePassword(input.currentPassword);
    if (current === undefined) return refused(rejected);

    const attempt: Attempt = { passwordChangeByAccount: account.id };
    const taken = await takeAttempt(deps, attempt);
    if (!taken.ok) return taken;
    if (!(await passwords.verify(account.passwordHash, current))) return refused(rejected);

    const passwordHash = await passwords.hash(next.value);
    const change = { accountId: account.id, from: account.passwordHash, to: passwordHash };
    const changed = await accounts.changePassword({ ...change, keepSessionId: sessionId, now: clock() });
    if (!changed) return refused(rejected);
    await giveBackAttempt(throttle, attempt);
    note({ type: 'PASSWORD_CHANGED', accountId: account.id });
    return done({ account: { ...account, passwordHash }, sessionId });
  };
}

const rejected = {
  field: 'currentPassword',
  code: 'CREDENTIALS_REJECTED',
  message: 'This is not the current password.',
} as const;
