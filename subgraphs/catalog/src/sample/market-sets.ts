import { countryCodes } from '@medley/countries';

const europe =
  `AD AL AT BA BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT
  RO RS SE SI SK SM UA XK`.split(/\s+/);
const latinAmerica = 'AR BO BR CL CO CR CU DO EC GT HN MX NI PA PE PY SV UY VE'.split(' ');
const without = (...codes: string[]) => countryCodes.filter((code) => !codes.includes(code));

/** Where a release is licensed, and how many releases are so, relative to the others. Sorted. */
export const marketSets = {
  worldwide: { markets: countryCodes, weight: 100 },
  notGermanSpeaking: { markets: without('AT', 'CH', 'DE', 'LI'), weight: 4 },
  notNorthAmerica: { markets: without('CA', 'US'), weight: 4 },
  notBrazil: { markets: without('BR'), weight: 3 },
  notJapan: { markets: without('JP'), weight: 2 },
  europe: { markets: europe, weight: 4 },
  northAmerica: { markets: ['CA', 'US'], weight: 3 },
  latinAmerica: { markets: latinAmerica, weight: 3 },
  britishIsles: { markets: ['GB', 'GG', 'IE', 'IM', 'JE'], weight: 1 },
  japan: { markets: ['JP'], weight: 1 },
  nowhere: { markets: [], weight: 0.5 },
} as const satisfies Record<string, { markets: readonly string[]; weight: number }>;

export type MarketSet = keyof typeof marketSets;

export const marketSetNames = Object.keys(marketSets) as MarketSet[];
