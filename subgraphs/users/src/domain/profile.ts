import { done, type Outcome, refused } from './outcome.ts';

/** What others see of an account: 1 to 50 code points, none of them invisible control. */
export function readDisplayName(text: string): Outcome<string> {
  const field = 'displayName';
  if (text.length > 1_000) return refused(tooLong(field, maxDisplayName));
  const name = text.trim().normalize('NFC');
  const length = [...name].length;
  if (length > maxDisplayName) return refused(tooLong(field, maxDisplayName));
  if (length === 0) return refused({ field, code: 'TOO_SHORT', message: 'A name has at least 1 character.' });
  if (unprintable.test(name) || !visible.test(name)) {
    return refused({ field, code: 'INVALID', message: 'This name has characters that cannot be shown.' });
  }
  return done(name);
}

/** What a device calls itself; null when it does not say. At most 100 code points. */
export function readDevice(text: string | null | undefined): Outcome<string | null> {
  const field = 'device';
  const device = text?.trim().normalize('NFC');
  if (!device) return done(null);
  if (device.length > 4 * maxDevice || [...device].length > maxDevice)
    return refused(tooLong(field, maxDevice));
  if (unprintable.test(device)) {
    return refused({ field, code: 'INVALID', message: 'This name has characters that cannot be shown.' });
  }
  return done(device);
}

const maxDisplayName = 50;
const maxDevice = 100;

const tooLong = (field: string, max: number) =>
  ({ field, code: 'TOO_LONG', message: `At most ${max} characters.` }) as const;

// Controls, halves of characters, line separators, and what turns the direction of the text around it.
const unprintable = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;
