import type { MarketResolvers } from '../generated/graphql.ts';

/** ISO 3166-1 alpha-2. */
export type MarketCode = string;

export const Market: MarketResolvers = {
  code: (code) => code,
  name: (code) => names.of(code) ?? code,
};

const names = new Intl.DisplayNames(['en'], { type: 'region' });
