import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonPasswords } from '../../src/domain/common-passwords.ts';
import { normalisePassword, readNewPassword } from '../../src/domain/password.ts';

const read = (text: string, email?: string) => {
  const outcome = readNewPassword(text, { field: 'password', email });
  return outcome.ok ? outcome.value : outcome.problems[0]?.code;
};

describe('a new password', () => {
  it('has 8 to 256 characters, counted as people do', () => {
    expect(read('🎧🎸🥁🎹🎺🎻📯')).toBe('TOO_SHORT');
    expect(read('🎧🎸🥁🎹🎺🎻📯🪕')).toBe('🎧🎸🥁🎹🎺🎻📯🪕');
    const long = Array.from({ length: 256 }, (_, index) => String.fromCodePoint(0x1f300 + index)).join('');
    expect(read(long)).toBe(long);
    expect(read(`${long}x`)).toBe('TOO_LONG');
    // 14 characters as they were typed, 7 as they are hashed.
    expect(read('a\u0308o\u0308u\u0308e\u0301a\u0300c\u0327n\u0303')).toBe('TOO_SHORT');
  });

  it('keeps spaces and everything else', () => {
    expect(read('  a b  c d  ')).toBe('  a b  c d  ');
    expect(read('\u0000\u0001\u0002 tabs\tand\nlines')).toBe('\u0000\u0001\u0002 tabs\tand\nlines');
  });

  it('is none of the common ones in any case, no repetition, and not the address', () => {
    for (const text of [
      'PASSWORD',
      'Qwertyuiop',
      '11111111',
      'xyzxyzxyz',
      'ｐａｓｓｗｏｒｄ',
      'Ada@Example.com',
    ]) {
      expect(read(text, 'ada@example.com')).toBe('TOO_COMMON');
    }
    expect(read('abcdabcdabcd')).toBe('abcdabcdabcd');
  });

  it('is well-formed Unicode', () => {
    expect(read('half \ud83d of a note')).toBe('INVALID');
  });

  it('is the same however it was composed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        expect(normalisePassword(text.normalize('NFD'))).toBe(normalisePassword(text.normalize('NFC')));
      }),
    );
  });

  it('can be refused for being common only where it is long enough', () => {
    for (const common of commonPasswords) {
      expect(common.length).toBeGreaterThanOrEqual(8);
      expect(common).toBe(common.toLowerCase().normalize('NFKC'));
    }
  });
});
