import { addressKey } from '@medley/addresses';
import type { Account, AccountRepository } from './account.ts';
import { type Attempt, giveBackAttempt, takeAttempt } from './attempts.ts';
import { readEmail } from './email.ts';
import { done, type Outcome, refused } from './outcome.ts';
import { normalisePassword } from './password.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { readDevice } from './profile.ts';
import type { NoteSecurityEvent } from './security-event.ts';
import type { SignedIn, StartSession } from './start-session.ts';
import type { Throttle } from './throttle.ts';

export interface SignInInput {
  readonly email: string;
  readonly password: string;
  readonly device?: string | null | undefined;
}

/**
 * Signs in by email and password. Unknown, suspended and closed accounts get the same answer as wrong passwords, after
 * the same work.
 */
export function createSignIn(deps: {
  accounts: AccountRepository;
  passwords: PasswordHasher;
  throttle: Throttle;
  startSession: StartSession;
  note: NoteSecurityEvent;
}) {
  const { accounts, passwords, throttle, startSession, note } = deps;

  /** With a hash in today's parameters: only now is the password at hand to make one. */
  async function refreshHash(account: Account, password: string): Promise<Account> {
    if (!passwords.isOutdated(account.passwordHash)) return account;
    const passwordHash = await passwords.hash(password);
    await accounts.rehash(account.id, { from: account.passwordHash, to: passwordHash });
    return { ...account, passwordHash };
  }

  return async (input: SignInInput, clientAddress: string | null): Promise<Outcome<SignedIn>> => {
    const device = readDevice(input.device);
    if (!device.ok) return device;
    const email = readEmail(input.email);
    const password = normalisePassword(input.password);
    // No account can have these, so there is nothing to hide, and nothing to be done for it.
    if (!email.ok || password === undefined) return refused(rejected);

    const attempt: Attempt = { signInByAddress: addressKey(clientAddress), signInByAccount: email.value };
    const taken = await takeAttempt(deps, attempt);
    if (!taken.ok) return taken;

    const account = await accounts.findByEmail(email.value);
    const matches = await passwords.verify(account?.passwordHash, password);
    // Only active accounts get a session: that is decided where it starts, with the account's row locked.
    const signedIn =
      account && matches ? await startSession(await refreshHash(account, password), device.value) : null;
    if (!signedIn) {
      note({ type: 'SIGN_IN_REJECTED', accountId: account?.id ?? null });
      return refused(rejected);
    }
    await giveBackAttempt(throttle, attempt);
    note({ type: 'SIGNED_IN', accountId: signedIn.account.id, sessionId: signedIn.session.id });
    return done(signedIn);
  };
}

const rejected = {
  field: null,
  code: 'CREDENTIALS_REJECTED',
  message: 'Email and password do not belong together.',
} as const;
