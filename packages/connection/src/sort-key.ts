/** Where a row stands in its list: the values it is sorted by, the last of which is unique (its id). */
export type SortKey = readonly SortValue[];
export type SortValue = string | number | boolean | null;

/** One column of an order. Nulls stand last, whichever the direction. */
export interface SortColumn {
  /** The SQL expression, such as `albums.release_date`. */
  readonly sql: string;
  /** What a value is cast to, such as `date`. */
  readonly type: string;
  readonly descending?: boolean;
  readonly nullable?: boolean;
}

/** The total order of a list: its last column is unique and never null. */
export type SortOrder = readonly SortColumn[];

/**
 * Which of two rows comes first: negative when `a` does, 0 only for the same row. Text is compared by code units, as
 * `COLLATE "C"` does for what lies in the Basic Multilingual Plane.
 */
export function compareSortKeys(order: SortOrder, a: SortKey, b: SortKey): number {
  for (const [index, { descending }] of order.entries()) {
    const left = a[index] ?? null;
    const right = b[index] ?? null;
    if (left === right) continue;
    if (left === null) return 1;
    if (right === null) return -1;
    return left < right === !descending ? -1 : 1;
  }
  return 0;
}

/** `ORDER BY` of a page: backward pages are read from their end. */
export function orderBySql(order: SortOrder, direction: 'forward' | 'backward' = 'forward'): string {
  return order
    .map(({ sql, descending = false, nullable }) => {
      const down = descending !== (direction === 'backward');
      // Without NULLS, so that an index on a column that is never null serves both directions.
      const nulls = nullable ? ` NULLS ${direction === 'forward' ? 'LAST' : 'FIRST'}` : '';
      return `${sql}${down ? ' DESC' : ''}${nulls}`;
    })
    .join(', ');
}

/**
 * The condition that a row stands after (or before) a key.
 *
 * Where all columns go in one direction and none is nullable it is a comparison of rows, which one index answers;
 * otherwise a chain of ORs, for which the database reads all rows that share the first column's value.
 * @param bind makes a parameter of a value and returns its placeholder, such as `$3`
 * @param inclusive also the row of the key itself
 */
export function keysetSql(
  order: SortOrder,
  key: SortKey,
  side: 'after' | 'before',
  bind: (value: SortValue) => string,
  { inclusive = false }: { inclusive?: boolean } = {},
): string {
  const [first] = order;
  const placeholder = (index: number) => `${bind(key[index] ?? null)}::${order[index]?.type}`;
  const isUniform = order.every(
    ({ nullable, descending = false }) => !nullable && descending === (first?.descending ?? false),
  );
  if (isUniform) {
    const operator = (side === 'after') === !first?.descending ? '>' : '<';
    const values = order.map((_, index) => placeholder(index));
    return `(${order.map(({ sql }) => sql).join(', ')}) ${operator}${inclusive ? '=' : ''} (${values.join(', ')})`;
  }
  const equal = (index: number) => `${order[index]?.sql} IS NOT DISTINCT FROM ${placeholder(index)}`;
  const alternatives = order.map((column, index) => {
    const prefix = order.slice(0, index).map((_, before) => equal(before));
    return [...prefix, beyond(column, key[index] ?? null, () => placeholder(index), side)].join(' AND ');
  });
  if (inclusive) alternatives.push(order.map((_, index) => equal(index)).join(' AND '));
  return `(${alternatives.map((alternative) => `(${alternative})`).join(' OR ')})`;
}

function beyond(column: SortColumn, value: SortValue, bind: () => string, side: 'after' | 'before'): string {
  const { sql, descending = false, nullable = false } = column;
  // Null is the last of all: nothing stands after it, everything else before it.
  if (value === null) return side === 'after' ? 'false' : `${sql} IS NOT NULL`;
  const operator = (side === 'after') === !descending ? '>' : '<';
  const compared = `${sql} ${operator} ${bind()}`;
  return nullable && side === 'after' ? `(${compared} OR ${sql} IS NULL)` : compared;
}
