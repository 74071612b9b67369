/** An address to be seen from. */
export interface ExampleAddress {
  /** ISO 3166-1 alpha-2; null where no database knows the country. */
  readonly country: string | null;
  /** For people. */
  readonly name: string;
  readonly address: string;
}

/** One address in each of some countries, as the database of addresses has them; tested against it. */
export const exampleAddresses: readonly ExampleAddress[] = [
  { country: 'AU', name: 'Australia', address: '139.130.4.5' },
  { country: 'BR', name: 'Brazil', address: '200.160.2.3' },
  { country: 'FR', name: 'France', address: '194.2.0.20' },
  { country: 'DE', name: 'Germany', address: '193.99.144.80' },
  { country: 'IN', name: 'India', address: '164.100.1.1' },
  { country: 'JP', name: 'Japan', address: '133.11.11.11' },
  { country: 'MX', name: 'Mexico', address: '148.204.0.1' },
  { country: 'NG', name: 'Nigeria', address: '41.58.0.1' },
  { country: 'SE', name: 'Sweden', address: '130.237.28.40' },
  { country: 'GB', name: 'United Kingdom', address: '131.111.8.46' },
  { country: 'US', name: 'United States', address: '8.8.8.8' },
  // RFC 5737: for documentation, assigned to nobody.
  { country: null, name: 'nowhere known', address: '192.0.2.1' },
];
