/**
 * Who played what, and how often: a sparse matrix of users and items in compressed rows. Row `u` is the entries from
 * `starts[u]` to before `starts[u + 1]`; in it items ascend and none is twice. 8 bytes an entry, 4 a row.
 */
export interface Interactions {
  readonly userCount: number;
  readonly itemCount: number;
  /** `userCount + 1` positions. */
  readonly starts: Uint32Array;
  readonly items: Uint32Array;
  /** More than 0, and finite. */
  readonly counts: Float32Array;
}

/** What one user played: the same, for one row. `items` ascend and none is twice. */
export interface UserRow {
  readonly items: Uint32Array;
  readonly counts: Float32Array;
}

/** More plays of one item by one user than anybody has lived for; it keeps every sum finite. */
export const maxCount = 1e12;
/** Less is nothing, also to 32 bits. */
export const minCount = 1e-6;

/** Why a count cannot be learned from, or undefined when it can: it must be `minCount` to `maxCount`. */
export function findFaultOfCount(count: number): string | undefined {
  return count >= minCount && count <= maxCount
    ? undefined
    : `a count must be ${minCount} to ${maxCount}, got ${count}`;
}

/** The entries of one user, without a copy. */
export function rowOf(interactions: Interactions, user: number): UserRow {
  const [from, to] = [interactions.starts[user] as number, interactions.starts[user + 1] as number];
  return { items: interactions.items.subarray(from, to), counts: interactions.counts.subarray(from, to) };
}

/** What one user played, in any order; what is there twice is summed. */
export function toUserRow(entries: Iterable<readonly [item: number, count: number]>): UserRow {
  const sums = new Map<number, number>();
  for (const [item, count] of entries) sums.set(item, (sums.get(item) ?? 0) + count);
  const sorted = [...sums].sort(([a], [b]) => a - b);
  return {
    items: Uint32Array.from(sorted, ([item]) => item),
    counts: Float32Array.from(sorted, ([, count]) => count),
  };
}

/** The same matrix with items as its rows and users as its columns. Takes as much memory again, in two passes. */
export function transpose({ userCount, itemCount, starts, items, counts }: Interactions): Interactions {
  const turned = {
    userCount: itemCount,
    itemCount: userCount,
    starts: startsOf(items, items.length, itemCount),
    items: new Uint32Array(items.length),
    counts: new Float32Array(items.length),
  };
  const free = turned.starts.slice(0, itemCount);
  for (let user = 0; user < userCount; user += 1) {
    const end = starts[user + 1] as number;
    for (let at = starts[user] as number; at < end; at += 1) {
      const item = items[at] as number;
      const place = free[item] as number;
      free[item] = place + 1;
      turned.items[place] = user;
      turned.counts[place] = counts[at] as number;
    }
  }
  return turned;
}

/** For each value of a counter, where its entries begin when they are sorted by it. */
export function startsOf(values: Uint32Array, length: number, size: number): Uint32Array {
  const starts = new Uint32Array(size + 1);
  for (let at = 0; at < length; at += 1) (starts[(values[at] as number) + 1] as number) += 1;
  for (let at = 0; at < size; at += 1) (starts[at + 1] as number) += starts[at] as number;
  return starts;
}

/**
 * At most so many items of each user: those played most, and of equals the ones with the smaller index. The cost of neighbours
 * goes with the square of a row, and one who played everything says little about what belongs together.
 * In SQL: `row_number() OVER (PARTITION BY user ORDER BY count DESC, item) <= most`.
 */
export function capRows(interactions: Interactions, most: number): Interactions {
  const { userCount, itemCount } = interactions;
  const starts = new Uint32Array(userCount + 1);
  for (let user = 0; user < userCount; user += 1) {
    const length = (interactions.starts[user + 1] as number) - (interactions.starts[user] as number);
    starts[user + 1] = (starts[user] as number) + Math.min(most, length);
  }
  const total = starts[userCount] as number;
  if (total === interactions.items.length) return interactions;
  const [items, counts] = [new Uint32Array(total), new Float32Array(total)];
  for (let user = 0; user < userCount; user += 1) {
    const row = rowOf(interactions, user);
    const kept = row.items.length > most ? mostPlayed(row, most) : row;
    items.set(kept.items, starts[user]);
    counts.set(kept.counts, starts[user]);
  }
  return { userCount, itemCount, starts, items, counts };
}

function mostPlayed({ items, counts }: UserRow, most: number): UserRow {
  const order = Uint32Array.from(items.keys());
  // The order is that of the items as well, so that equals are sorted by item.
  order.sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b);
  const kept = order.subarray(0, most).sort();
  return {
    items: Uint32Array.from(kept, (at) => items[at] as number),
    counts: Float32Array.from(kept, (at) => counts[at] as number),
  };
}
