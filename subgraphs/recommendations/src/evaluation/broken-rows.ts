/** A row that could not be read. */
export interface BrokenRow {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}

/** How many rows could not be read, and the first ten of them. */
export interface BrokenRows {
  readonly count: number;
  readonly first: readonly BrokenRow[];
}

const shown = 10;

export function collectBrokenRows(): { add(row: BrokenRow): void; readonly rows: BrokenRows } {
  const first: BrokenRow[] = [];
  let count = 0;
  return {
    add(row) {
      count += 1;
      if (first.length < shown) first.push(row);
    },
    get rows() {
      return { count, first };
    },
  };
}
