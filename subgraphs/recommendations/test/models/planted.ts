import {
  createInteractionsBuilder,
  createRandom,
  type Interactions,
} from '@medley/recommendations/models/index';

/**
 * People of some tastes, each of which plays mostly its own items: what a recommender must find, and popularity cannot. Of every row the
 * last own item is left out, to be found.
 */
export function plantTastes({ tastes = 6, usersEach = 30, itemsEach = 25, playsEach = 10, seed = 1 } = {}): {
  readonly interactions: Interactions;
  readonly leftOut: readonly number[];
} {
  const random = createRandom(seed);
  const itemCount = tastes * itemsEach;
  const builder = createInteractionsBuilder();
  const leftOut: number[] = [];
  for (let user = 0; user < tastes * usersEach; user += 1) {
    const taste = user % tastes;
    const own = Array.from({ length: itemsEach }, (_, at) => taste * itemsEach + at)
      .map((item) => ({ item, order: random() }))
      .sort((a, b) => a.order - b.order)
      .map(({ item }) => item);
    leftOut.push(own[playsEach] as number);
    for (const item of own.slice(0, playsEach)) builder.add(user, item, 1 + Math.floor(random() * 5));
    // What all know, and what does not fit.
    builder.add(user, 0, 1);
    builder.add(user, Math.floor(random() * itemCount), 1);
  }
  return { interactions: builder.build({ itemCount }), leftOut };
}

/** A matrix from its rows, each of them item and count. */
export function matrixOf(
  rows: readonly (readonly (readonly [number, number])[])[],
  itemCount?: number,
): Interactions {
  const builder = createInteractionsBuilder();
  rows.forEach((row, user) => {
    for (const [item, count] of row) builder.add(user, item, count);
  });
  return builder.build({ userCount: rows.length, itemCount });
}
