import { countryCodes, isCountryCode } from '@medley/countries';

/**
 * Where a document may be found, in few values: Meilisearch keeps some thirty bytes for each value of each document, and
 * most licences are for most countries.
 */
export interface StoredMarkets {
  /** Codes of countries, or one of the two signs. */
  readonly markets: readonly string[];
  /** Where it may not be found, beside `butBarred`; else empty. */
  readonly barred: readonly string[];
}

const everywhere = '*';
const butBarred = '-';

export function storedMarkets(markets: readonly string[] | null): StoredMarkets {
  if (markets === null) return { markets: [everywhere], barred: [] };
  const few = { markets, barred: [] };
  if (markets.length * 2 < countryCodes.length || !markets.every(isCountryCode)) return few;
  const allowed = new Set(markets);
  return { markets: [butBarred], barred: countryCodes.filter((code) => !allowed.has(code)) };
}

/** The filter that leaves what may be found in a market, in Meilisearch's language. */
export function marketFilter(market: string): string {
  // What is no country is barred nowhere.
  if (!isCountryCode(market)) return `markets = "${everywhere}"`;
  return `markets IN ["${market}", "${everywhere}"] OR (markets = "${butBarred}" AND barred != "${market}")`;
}
