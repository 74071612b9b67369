import { createRandom } from '../random.ts';

export const userCount = 20_000;
export const itemCount = 50_000;
const tastes = 40;

/**
 * Invented plays, always the same ones: items by Zipf's law, of 50,000 the first has some 9 %; every user has a taste, and two plays of
 * three are within it. 20,000 users, so that ten times the plays are ten times as many of each.
 */
export function* generatePlays(count: number): Generator<readonly [user: number, item: number]> {
  const random = createRandom(29);
  const harmonic = Math.log(itemCount);
  for (let play = 0; play < count; play += 1) {
    const user = random.below(userCount);
    // The inverse of Zipf's distribution function, where sums are logarithms.
    const rank = Math.min(itemCount - 1, Math.floor(Math.exp(random.next() * harmonic)) - 1);
    const own = random.next() < 2 / 3;
    yield [user, own ? rank - (rank % tastes) + (user % tastes) : rank];
  }
}
