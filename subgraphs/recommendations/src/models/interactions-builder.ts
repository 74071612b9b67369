import { findFaultOfCount, type Interactions, startsOf } from './interactions.ts';

/** Collects plays, in any order and as often as they come, into one matrix. */
export interface InteractionsBuilder {
  /**
   * Adds to what the user played. Users and items are numbered from 0, by whoever calls (`createKeyIndex`).
   * @throws RangeError when the count is none (`findFaultOfCount`), or an index is no whole number from 0 to 2^32 - 2
   */
  add(user: number, item: number, count: number): void;
  /** How many pairs of a user and an item take memory now, some of them perhaps several times. */
  readonly heldCount: number;
  /**
   * What was added so far. Those who played nothing, and what nobody played, have a row of their own if their number is
   * below `userCount` and `itemCount`; else the matrix ends with the largest index that was added.
   */
  build(size?: { readonly userCount?: number; readonly itemCount?: number }): Interactions;
}

/** Rows as they came. */
interface Triples {
  length: number;
  users: Uint32Array;
  items: Uint32Array;
  counts: Float32Array;
}

const firstCapacity = 1 << 16;
const leastBeforeMerge = 1 << 20;

/**
 * Memory: 12 bytes a held row, with room for as many again; 28 bytes a row while they are summed. Rows are summed whenever they are a
 * million and twice as many as the pairs that the last sum left, so that it goes with the pairs and not with the plays.
 */
export function createInteractionsBuilder(): InteractionsBuilder {
  let held: Triples = emptyTriples(firstCapacity);
  let [userCount, itemCount] = [0, 0];
  let mergeAt = leastBeforeMerge;

  const sum = () => sumPairs(held, userCount, itemCount);
  return {
    add(user, item, count) {
      const fault = findFaultOfCount(count) ?? faultOfIndex('user', user) ?? faultOfIndex('item', item);
      if (fault) throw new RangeError(fault);
      if (held.length >= mergeAt) {
        held = toTriples(sum());
        mergeAt = Math.max(leastBeforeMerge, 2 * held.length);
      }
      if (held.length === held.users.length) held = grow(held);
      held.users[held.length] = user;
      held.items[held.length] = item;
      held.counts[held.length] = count;
      held.length += 1;
      if (user >= userCount) userCount = user + 1;
      if (item >= itemCount) itemCount = item + 1;
    },
    get heldCount() {
      return held.length;
    },
    build(size = {}) {
      userCount = Math.max(userCount, size.userCount ?? 0);
      itemCount = Math.max(itemCount, size.itemCount ?? 0);
      return sum();
    },
  };
}

/** Sorted by item, then by user, by counting: so the items of a user ascend, and the same pair stands side by side. */
function sumPairs(held: Triples, userCount: number, itemCount: number): Interactions {
  const { length } = held;
  const byItem = { users: new Uint32Array(length), counts: new Float32Array(length) };
  const itemStarts = startsOf(held.items, length, itemCount);
  const freeOfItem = itemStarts.slice(0, itemCount);
  for (let at = 0; at < length; at += 1) {
    const item = held.items[at] as number;
    const place = freeOfItem[item] as number;
    freeOfItem[item] = place + 1;
    byItem.users[place] = held.users[at] as number;
    byItem.counts[place] = held.counts[at] as number;
  }

  const userStarts = startsOf(held.users, length, userCount);
  const ends = userStarts.slice(0, userCount);
  const [items, counts] = [new Uint32Array(length), new Float32Array(length)];
  for (let item = 0; item < itemCount; item += 1) {
    const end = itemStarts[item + 1] as number;
    for (let at = itemStarts[item] as number; at < end; at += 1) {
      const user = byItem.users[at] as number;
      const place = ends[user] as number;
      const count = byItem.counts[at] as number;
      if (place > (userStarts[user] as number) && items[place - 1] === item) {
        (counts[place - 1] as number) += count;
      } else {
        items[place] = item;
        counts[place] = count;
        ends[user] = place + 1;
      }
    }
  }
  return closeGaps({ userCount, itemCount, starts: userStarts, items, counts }, ends);
}

/** Summing leaves room behind some rows. */
function closeGaps(matrix: Interactions, ends: Uint32Array): Interactions {
  const { userCount, itemCount, items, counts } = matrix;
  const starts = new Uint32Array(userCount + 1);
  let free = 0;
  for (let user = 0; user < userCount; user += 1) {
    const [from, to] = [matrix.starts[user] as number, ends[user] as number];
    items.copyWithin(free, from, to);
    counts.copyWithin(free, from, to);
    free += to - from;
    starts[user + 1] = free;
  }
  return free === items.length
    ? { userCount, itemCount, starts, items, counts }
    : { userCount, itemCount, starts, items: items.slice(0, free), counts: counts.slice(0, free) };
}

function toTriples({ userCount, starts, items, counts }: Interactions): Triples {
  const users = new Uint32Array(items.length);
  for (let user = 0; user < userCount; user += 1) users.fill(user, starts[user], starts[user + 1]);
  return { length: items.length, users, items, counts };
}

function grow(full: Triples): Triples {
  const larger = emptyTriples(Math.max(firstCapacity, full.length * 2));
  larger.length = full.length;
  larger.users.set(full.users);
  larger.items.set(full.items);
  larger.counts.set(full.counts);
  return larger;
}

function emptyTriples(capacity: number): Triples {
  return {
    length: 0,
    users: new Uint32Array(capacity),
    items: new Uint32Array(capacity),
    counts: new Float32Array(capacity),
  };
}

function faultOfIndex(name: string, index: number): string | undefined {
  return Number.isInteger(index) && index >= 0 && index < 2 ** 32 - 1
    ? undefined
    : `${name} must be a whole number from 0 to 2^32 - 2, got ${index}`;
}
