import { commonPasswords } from './common-passwords.ts';
import { done, type Outcome, refused } from './outcome.ts';

/** In code points, after normalisation. */
const passwordLength = { min: 8, max: 256 } as const;

/**
 * A password in the form in which it is hashed: NFKC, so that keyboards that compose differently agree (NIST SP 800-63B,
 * section 5.1.1.2). Undefined when it is longer than any password: then nothing expensive is done with it.
 */
export function normalisePassword(text: string): string | undefined {
  // NFKC shortens four UTF-16 units to one at most in real writing; what is longer cannot become short enough.
  if (text.length > 4 * passwordLength.max) return undefined;
  const password = text.normalize('NFKC');
  return lengthOf(password) > passwordLength.max ? undefined : password;
}

/**
 * Checks a new password by NIST's rules: long enough, not among the first that are guessed, and no rules of
 * composition.
 * @param field whose problem it is
 * @param email of the account: it is no password
 */
export function readNewPassword(
  text: string,
  { field, email }: { field: string; email?: string | undefined },
): Outcome<string> {
  const password = normalisePassword(text);
  if (password === undefined) {
    return refused({
      field,
      code: 'TOO_LONG',
      message: `A password has at most ${passwordLength.max} characters.`,
    });
  }
  if (/\p{Cs}/u.test(password)) {
    return refused({ field, code: 'INVALID', message: 'This password is not well-formed Unicode.' });
  }
  if (lengthOf(password) < passwordLength.min) {
    return refused({
      field,
      code: 'TOO_SHORT',
      message: `A password has at least ${passwordLength.min} characters.`,
    });
  }
  const folded = password.toLowerCase();
  const isRepetition = /^(.{1,3}?)\1+$/su.test(folded);
  if (commonPasswords.has(folded) || isRepetition || folded === email) {
    return refused({
      field,
      code: 'TOO_COMMON',
      message: 'This password is among the first that are guessed.',
    });
  }
  return done(password);
}

const lengthOf = (text: string) => [...text].length;
