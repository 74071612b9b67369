import { Kind } from 'graphql';
import { describe, expect, it } from 'vitest';
import { scalars } from '../src/scalars.ts';

describe('the scalars', () => {
  it.each([
    ['DateTime', '2026-11-23'],
    ['DateTime', '2026-11-23T08:30:00'],
    ['DateTime', '2026-13-01T00:00:00Z'],
    ['DateTime', '2026-02-30T00:00:00Z'],
    ['DateTime', '2027-02-29T00:00:00+01:00'],
    ['DateTime', '2026-11-23T25:00:00Z'],
    ['DateTime', '9999-12-31T23:59:59-14:00'],
    ['DateTime', '0000-01-01T00:00:00+14:00'],
    ['DateTime', '0000-01-01T00:00:00Z'],
    ['DateTime', '0001-01-01T00:00:00+14:00'],
    ['DateTime', 'Mon, 23 Nov 2026 08:30:00 GMT'],
    ['DateTime', 1_795_000_000_000],
    ['CountryCode', 'UK'],
    ['CountryCode', 'EU'],
    ['CountryCode', 'DD'],
    ['CountryCode', 'ZZ'],
    ['CountryCode', 'de'],
    ['CountryCode', 'DEU'],
    ['CountryCode', ''],
    ['CountryCode', 49],
    ['URL', '/relative'],
    ['URL', 'javascript:alert(1)'],
    ['URL', 'ftp://example.com/x'],
    ['URL', 'https://'],
    ['URL', null],
  ] as const)('%s refuses %j, as a variable and as a literal, and says what it expected', (name, value) => {
    const expected = {
      extensions: { code: 'BAD_USER_INPUT' },
      message: expect.stringMatching(/^expected an .*, got /),
    };
    const failure = (parse: () => unknown) => {
      try {
        return parse();
      } catch (error) {
        return error;
      }
    };
    expect(failure(() => scalars[name].parseValue(value))).toMatchObject(expected);
    const literal =
      typeof value === 'string'
        ? ({ kind: Kind.STRING, value } as const)
        : ({ kind: Kind.INT, value: String(value) } as const);
    expect(failure(() => scalars[name].parseLiteral(literal, {}))).toMatchObject(expected);
  });

  it('cut a long value short in their message', () => {
    expect(() => scalars.CountryCode.parseValue('x'.repeat(10_000))).toThrow(/^.{1,150}$/);
  });

  it('take good values', () => {
    expect(scalars.DateTime.parseValue('2026-11-23T08:30:00+01:00')).toEqual(
      new Date('2026-11-23T07:30:00.000Z'),
    );
    expect(scalars.DateTime.parseValue('2028-02-29T23:30:00-02:00')).toEqual(
      new Date('2028-03-01T01:30:00.000Z'),
    );
    expect(scalars.CountryCode.parseValue('XK')).toBe('XK');
    expect(scalars.URL.parseValue('https://example.com/x?y=1')).toBe('https://example.com/x?y=1');
  });

  it('write times in UTC with milliseconds', () => {
    expect(scalars.DateTime.serialize(new Date('2026-11-23T08:30:00+01:00'))).toBe(
      '2026-11-23T07:30:00.000Z',
    );
    expect(scalars.DateTime.serialize('2026-11-23T08:30:00Z')).toBe('2026-11-23T08:30:00.000Z');
  });
});
