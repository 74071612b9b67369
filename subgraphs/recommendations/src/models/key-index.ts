/** Numbers keys in the order in which they first come, from 0: rows and columns of a matrix for users and items. */
export interface KeyIndex {
  /** The number of a key, which gets the next one when it is new. */
  numberOf(key: string): number;
  /** The number of a key, or undefined when it never came. */
  find(key: string): number | undefined;
  /** The keys by their numbers. */
  readonly keys: readonly string[];
}

/** Memory: about 100 bytes a key of 20 characters. */
export function createKeyIndex(known: Iterable<string> = []): KeyIndex {
  const numbers = new Map<string, number>();
  const keys: string[] = [];
  const numberOf = (key: string) => {
    const number = numbers.get(key);
    if (number !== undefined) return number;
    numbers.set(key, keys.length);
    return keys.push(key) - 1;
  };
  for (const key of known) numberOf(key);
  return { numberOf, find: (key) => numbers.get(key), keys };
}
