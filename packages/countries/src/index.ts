export { countryCodes, isCountryCode } from './country-codes.ts';
export { countryName } from './country-name.ts';
