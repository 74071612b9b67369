import { createRequire } from 'node:module';
import { plainAddress } from '@medley/addresses';
import { isCountryCode } from '@medley/countries';
import { type CountryResponse, open } from 'maxmind';

/** Tells where addresses are. */
export interface Geo {
  /** ISO 3166-1 alpha-2; null when the address is private, unknown or none at all. IPv4 and IPv6. */
  countryOf(address: string): string | null;
}

/** The database that comes with the router: country by registry data, CC0. */
export const bundledGeoDatabase = () =>
  createRequire(import.meta.url).resolve(
    '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb',
  );

/**
 * Reads a database of countries in MaxMind's format into memory (8 MB). Both layouts of records are understood: the flat
 * one of ip-location-db (`country_code`) and MaxMind's own (`country.iso_code`).
 * @param path the file; the bundled one unless told otherwise
 */
export async function openGeoDatabase(path = bundledGeoDatabase()): Promise<Geo> {
  const reader = await open<CountryResponse & { country_code?: string }>(path);
  return {
    countryOf(address) {
      const plain = plainAddress(address);
      const record = plain && reader.get(plain);
      const code = record && (record.country_code ?? record.country?.iso_code);
      return code && isCountryCode(code) ? code : null;
    },
  };
}
