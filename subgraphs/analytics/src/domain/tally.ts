/** What is counted apart: `{ grain: 60, bucket: '…', market: 'DE' }`. */
export type TallyKey = Readonly<Record<string, string | number>>;

/** Sums by key, in memory: what a batch of events adds to rows, so that each row is written once. */
export interface Tally<Key extends TallyKey, Counter extends string> {
  /** Counters that are left out get nothing. */
  add(key: Key, counts: Readonly<Partial<Record<Counter, number>>>): void;
  /** In no order. */
  rows(): (Key & Record<Counter, number>)[];
}

/** @param counters all that there are: each row has each of them */
export function createTally<Key extends TallyKey, Counter extends string>(
  counters: readonly Counter[],
): Tally<Key, Counter> {
  const rows = new Map<string, Key & Record<Counter, number>>();
  const zeros = Object.fromEntries(counters.map((counter) => [counter, 0])) as Record<Counter, number>;
  return {
    add(key, counts) {
      const name = Object.values(key).join('\n');
      let row = rows.get(name);
      if (!row) {
        row = { ...key, ...zeros };
        rows.set(name, row);
      }
      const sums = row as Record<Counter, number>;
      for (const counter of counters) sums[counter] += counts[counter] ?? 0;
    },
    rows: () => [...rows.values()],
  };
}
