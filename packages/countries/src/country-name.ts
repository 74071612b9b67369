import { isCountryCode } from './country-codes.ts';

/**
 * The English name of a country, as CLDR has it: `Germany`, `Kosovo`.
 * @param code ISO 3166-1 alpha-2 in upper case; what is no such code is returned as it came
 */
export function countryName(code: string): string {
  return (isCountryCode(code) && names.of(code)) || code;
}

const names = new Intl.DisplayNames(['en'], { type: 'region' });
