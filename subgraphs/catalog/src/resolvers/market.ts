import { countryName } from '@medley/countries';
import type { MarketResolvers } from '../generated/graphql.ts';

/** ISO 3166-1 alpha-2. */
export type MarketCode = string;

export const Market: MarketResolvers = {
  code: (code) => code,
  name: countryName,
};
