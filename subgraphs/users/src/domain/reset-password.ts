import { addressKey } from '@medley/addresses';
import type { AccountRepository } from './account.ts';
import { takeAttempt } from './attempts.ts';
import type { Clock } from './clock.ts';
import { readEmail } from './email.ts';
import type { Mail } from './mail.ts';
import { done, type Outcome, refused } from './outcome.ts';
import { readNewPassword } from './password.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { createSecret, hashSecret } from './secret.ts';
import type { NoteSecurityEvent } from './security-event.ts';
import type { Throttle } from './throttle.ts';

/** How long a mailed code is good. */
const resetMinutes = 30;

/**
 * Mails a code. Whether there is an account shows neither in the answer nor in its time: the answer does not wait for
 * anything that depends on it.
 * @param deps.later does work whose end nobody waits for
 */
export function createPasswordResetRequest(deps: {
  accounts: AccountRepository;
  mail: Mail;
  throttle: Throttle;
  clock: Clock;
  note: NoteSecurityEvent;
  later: (work: () => Promise<void>) => void;
}) {
  const { accounts, mail, clock, note, later } = deps;

  async function mailCode(email: string) {
    const account = await accounts.findByEmail(email);
    if (account?.status !== 'ACTIVE') return;
    const code = createSecret();
    const now = clock();
    const expiresAt = new Date(now.getTime() + resetMinutes * 60_000);
    await accounts.addReset({ codeHash: await hashSecret(code), accountId: account.id, expiresAt, now });
    // To the stored address, never to the one that was typed, however alike they look.
    await mail.sendPasswordReset({ to: account.email, displayName: account.displayName, code, expiresAt });
    note({ type: 'PASSWORD_RESET_MAILED', accountId: account.id });
  }

  return async (input: { email: string }, clientAddress: string | null): Promise<Outcome<null>> => {
    const email = readEmail(input.email);
    if (!email.ok) return email;
    const taken = await takeAttempt(deps, {
      resetRequestByAddress: addressKey(clientAddress),
      resetRequestByAccount: email.value,
    });
    if (!taken.ok) return taken;
    later(() => mailCode(email.value));
    return done(null);
  };
}

/** Sets a new password by a mailed code, and ends all sessions. */
export function createPasswordReset(deps: {
  accounts: AccountRepository;
  passwords: PasswordHasher;
  throttle: Throttle;
  clock: Clock;
  note: NoteSecurityEvent;
}) {
  const { accounts, passwords, throttle, clock, note } = deps;
  return async (
    input: { code: string; newPassword: string },
    clientAddress: string | null,
  ): Promise<Outcome<null>> => {
    const password = readNewPassword(input.newPassword, { field: 'newPassword' });
    if (!password.ok) return password;
    const taken = await takeAttempt(deps, { resetByAddress: addressKey(clientAddress) });
    if (!taken.ok) return taken;
    if (input.code.length > 200) return refused(rejected);
    const codeHash = await hashSecret(input.code.trim());
    // Looked up before the hashing, which would be a gift to whoever sends made-up codes.
    const account = await accounts.findByReset(codeHash, clock());
    if (!account) return refused(rejected);
    const own = readNewPassword(input.newPassword, { field: 'newPassword', email: account.email });
    if (!own.ok) return own;

    const passwordHash = await passwords.hash(password.value);
    if (!(await accounts.resetPassword({ codeHash, passwordHash, now: clock() }))) return refused(rejected);
    // Who just proved to own the mail address shall not wait because of wrong guesses before.
    await throttle.clear('signInByAccount', account.email);
    note({ type: 'PASSWORD_RESET', accountId: account.id });
    return done(null);
  };
}

const rejected = {
  field: 'code',
  code: 'TOKEN_REJECTED',
  message: 'This code is unknown, used or expired: ask for a new one.',
} as const;
