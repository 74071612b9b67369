import { done, type Outcome, refused } from './outcome.ts';

const maxBytes = 254;
const maxLocalBytes = 64;

/**
 * Checks an address and brings it into the one form in which it is stored and looked up: without spaces around, lower
 * case, NFC (RFC 6532, section 3.1). Lengths are those of RFC 5321, section 4.5.3.1 (254 with erratum 1690 of RFC 3696),
 * in bytes of UTF-8. Whether mail arrives only mail can tell; quoted local parts and address literals are not taken.
 */
export function readEmail(text: string): Outcome<string> {
  if (text.length > 4 * maxBytes) return refused(problems.tooLong);
  const email = text.trim().normalize('NFC').toLowerCase().normalize('NFC');
  if (bytesOf(email) > maxBytes) return refused(problems.tooLong);
  const at = email.lastIndexOf('@');
  const local = email.slice(0, Math.max(at, 0));
  const labels = email.slice(at + 1).split('.');
  const isValid =
    localPattern.test(local) &&
    bytesOf(local) <= maxLocalBytes &&
    labels.length >= 2 &&
    labels.every((label) => labelPattern.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? '');
  return isValid ? done(email) : refused(problems.invalid);
}

const problems = {
  tooLong: { field: 'email', code: 'TOO_LONG', message: `An address has at most ${maxBytes} bytes.` },
  invalid: { field: 'email', code: 'INVALID', message: 'This is not an address such as ada@example.com.' },
} as const;

// Dots stand between other characters. \p{C} and \p{Z}: what cannot be seen.
const localCharacter = String.raw`[^.@\s\p{C}\p{Z}A-Z<>()[\]\\,;:"]`;
const localPattern = new RegExp(`^${localCharacter}+(\\.${localCharacter}+)*$`, 'u');
const labelPattern = /^[\p{L}\p{N}]([\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?$/u;

const bytesOf = (text: string) => Buffer.byteLength(text);
