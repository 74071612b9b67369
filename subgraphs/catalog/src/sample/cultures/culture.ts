import type { Random } from '../random.ts';

/** How artists of one language are called, and what they sing of. All names are invented. */
export interface Culture {
  /** Of the language, in English. */
  readonly name: string;
  /** How many of the artists, relative to the others. */
  readonly weight: number;
  /** Where they live, for biographies and recording codes: ISO 3166-1 alpha-2 with cities. */
  readonly homes: readonly (readonly [country: string, ...cities: string[]])[];
  /** Slugs of genres that are at home here. */
  readonly genres: readonly string[];
  readonly labels: readonly string[];
  person(random: Random): string;
  band(random: Random): string;
  title(random: Random): string;
}

/** Items between commas. */
export const list = (text: string): readonly string[] => text.split(',').map((item) => item.trim());

/** A first part with a second one, or now and then the first alone. */
export function inTwoParts(
  first: readonly string[],
  second: readonly string[],
  join: (first: string, second: string) => string = (one, other) => `${one} ${other}`,
): (random: Random) => string {
  return (random) => {
    const head = random.pick(first);
    return random.chance(0.12) ? head : join(head, random.pick(second));
  };
}

/** A given name and a family name in the order of the language. */
export function named(
  given: string,
  family: string,
  join: (given: string, family: string) => string = (one, other) => `${one} ${other}`,
) {
  const givenNames = list(given);
  const familyNames = list(family);
  return (random: Random) => join(random.pick(givenNames), random.pick(familyNames));
}
