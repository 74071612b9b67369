import { addressKey } from '@medley/addresses';
import type { AccountRepository } from './account.ts';
import { takeAttempt } from './attempts.ts';
import type { Clock } from './clock.ts';
import { readEmail } from './email.ts';
import { done, type Outcome, problemsOf, refused } from './outcome.ts';
import { readNewPassword } from './password.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { readDevice, readDisplayName } from './profile.ts';
import type { NoteSecurityEvent } from './security-event.ts';
import type { SignedIn, StartSession } from './start-session.ts';
import type { Throttle } from './throttle.ts';

export interface SignUpInput {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
  /** ISO 3166-1 alpha-2, checked by the scalar. */
  readonly country: string;
  readonly device?: string | null | undefined;
}

/** Creates accounts. The password is hashed before the email is looked at, so that a taken one takes as long. */
export function createSignUp(deps: {
  accounts: AccountRepository;
  passwords: PasswordHasher;
  throttle: Throttle;
  startSession: StartSession;
  clock: Clock;
  note: NoteSecurityEvent;
}) {
  const { accounts, passwords, startSession, clock, note } = deps;
  return async (input: SignUpInput, clientAddress: string | null): Promise<Outcome<SignedIn>> => {
    const email = readEmail(input.email);
    const password = readNewPassword(input.password, {
      field: 'password',
      email: email.ok ? email.value : undefined,
    });
    const displayName = readDisplayName(input.displayName);
    const device = readDevice(input.device);
    if (!email.ok || !password.ok || !displayName.ok || !device.ok) {
      return refused(...problemsOf(email, password, displayName, device));
    }
    const attempt = await takeAttempt(deps, { signUpByAddress: addressKey(clientAddress) });
    if (!attempt.ok) return attempt;

    const account = await accounts.create({
      passwordHash: await passwords.hash(password.value),
      email: email.value,
      displayName: displayName.value,
      country: input.country,
      createdAt: clock(),
    });
    if (!account) return refused(taken);
    const signedIn = await startSession(account, device.value);
    if (!signedIn) return refused(taken);
    note({ type: 'SIGNED_UP', accountId: account.id, sessionId: signedIn.session.id });
    return done(signedIn);
  };
}

const taken = {
  field: 'email',
  code: 'TAKEN',
  message: 'There is an account with this address already.',
} as const;
