import { beforeAll, describe, expect, it } from 'vitest';
import { exampleAddresses } from '../../src/explorer/example-addresses.ts';
import { type Geo, openGeoDatabase } from '../../src/identity/geo-database.ts';

describe('the places to be seen from', () => {
  let geo: Geo;
  beforeAll(async () => {
    geo = await openGeoDatabase();
  });

  it.each(exampleAddresses)('$address is in $name', ({ address, country }) => {
    expect(geo.countryOf(address)).toBe(country);
  });
});
