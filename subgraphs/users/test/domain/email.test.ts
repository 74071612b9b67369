import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEmail } from '../../src/domain/email.ts';

const read = (text: string) => {
  const outcome = readEmail(text);
  return outcome.ok ? outcome.value : outcome.problems[0]?.code;
};

describe('an email address', () => {
  it('is stored without spaces around, in lower case, composed', () => {
    expect(read('  Ada.Lovelace+music@Example.COM\n')).toBe('ada.lovelace+music@example.com');
    expect(read('Jose\u0301@exa\u0301mple.com')).toBe('josé@exámple.com');
    expect(read('用户@例子.广告')).toBe('用户@例子.广告');
    expect(read('x@xn--fsqu00a.xn--0zwm56d')).toBe('x@xn--fsqu00a.xn--0zwm56d');
  });

  it.each([
    '',
    ' ',
    '@',
    'ada',
    'ada@',
    '@example.com',
    'ada@example',
    'ada@@example.com',
    'a da@example.com',
    'ada@exa mple.com',
    '.ada@example.com',
    'ada.@example.com',
    'a..da@example.com',
    'ada@.com',
    'ada@example..com',
    'ada@-example.com',
    'ada@example-.com',
    'ada@127.0.0.1',
    'ada@[127.0.0.1]',
    'ada\u0000@example.com',
    'ada\u200b@example.com',
    'ada@example.com\r\nBcc: eve@example.com',
    '"ada lovelace"@example.com',
    'ada@example.com,eve@example.com',
    'ada@exam\ud800ple.com',
    `${'a'.repeat(65)}@example.com`,
  ])('is not %j', (text) => {
    expect(read(text)).toBe('INVALID');
  });

  it('has at most 254 bytes, and a megabyte is refused at once', () => {
    const label = 'd'.repeat(63);
    expect(read(`${'a'.repeat(62)}@${label}.${label}.${label}`)).toHaveLength(254);
    expect(read(`${'a'.repeat(63)}@${label}.${label}.${label}`)).toBe('TOO_LONG');
    expect(read(`${'@'.repeat(1_000_000)}`)).toBe('TOO_LONG');
  });

  it('reads the same when read again', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.emailAddress(),
          fc.string({ unit: 'grapheme' }).map((name) => `${name}@example.com`),
        ),
        (text) => {
          const once = readEmail(text);
          if (once.ok) expect(readEmail(once.value)).toEqual(once);
        },
      ),
    );
  });
});
