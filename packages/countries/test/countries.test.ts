import { describe, expect, it } from 'vitest';
import { countryCodes, countryName, isCountryCode } from '../src/index.ts';

describe('countries', () => {
  it('are the 249 of ISO 3166-1 and Kosovo, sorted, each once', () => {
    expect(countryCodes).toHaveLength(250);
    expect(countryCodes).toEqual([...new Set(countryCodes)].sort());
    expect(countryCodes.filter((code) => !/^[A-Z]{2}$/.test(code))).toEqual([]);
    expect(countryCodes).toContain('XK');
  });

  it.each([
    ['reserved', 'UK'],
    ['reserved', 'EU'],
    ['reserved', 'UN'],
    ['reserved', 'EZ'],
    ['a former country', 'DD'],
    ['a former country', 'SU'],
    ['a former country', 'YU'],
    ['made by CLDR', 'XA'],
    ['made by CLDR', 'ZZ'],
    ['in lower case', 'de'],
    ['a three-letter code', 'DEU'],
    ['empty', ''],
    ['a name of Object.prototype', 'constructor'],
  ])('has no code that is %s: %j', (_why, text) => {
    expect(isCountryCode(text)).toBe(false);
  });

  it('knows its own codes', () => {
    expect(countryCodes.every(isCountryCode)).toBe(true);
  });

  it('names every country in English', () => {
    expect(countryName('DE')).toBe('Germany');
    expect(countryName('XK')).toBe('Kosovo');
    expect(countryCodes.filter((code) => countryName(code) === code)).toEqual([]);
  });

  it('has no name for what is no country', () => {
    expect(countryName('UK')).toBe('UK');
    expect(countryName('not a code')).toBe('not a code');
  });
});
