import type { CursorBinding, Page } from './page-arguments.ts';
import type { SortKey } from './sort-key.ts';

/** What was found for a page. */
export interface Slice<Row> {
  /**
   * In the order of reading: for a backward page from the end of the list. At most `limit + 1`; the one too many only
   * tells that there is more.
   */
  readonly rows: readonly Row[];
  /** Whether a row stands at or before `page.after`; false when that is null. */
  readonly hasRowsAtAfter: boolean;
  /** Whether a row stands at or after `page.before`; false when that is null. */
  readonly hasRowsAtBefore: boolean;
  /**
   * Lists that leave rows out give up looking after a while. This is how far they came, when they gave up: the page is
   * short, there may be more, and the next page goes on here.
   */
  readonly lookedUntil?: SortKey | null;
}

/** A Relay connection, https://relay.dev/graphql/connections.htm, with the nodes beside the edges. */
export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/**
 * @param slice what was found for the page
 * @param page as `readPageArguments` gave it
 * @param binding the same that the page was read with
 * @param describe the sort key of a row, and what stands for it in the answer
 */
export function toConnection<Row, Node>(
  slice: Slice<Row>,
  page: Page,
  binding: CursorBinding,
  describe: { key: (row: Row) => SortKey; node: (row: Row) => Node },
): Connection<Node> {
  const isForward = page.direction === 'forward';
  const rows = slice.rows.slice(0, page.limit);
  if (!isForward) rows.reverse();
  const edges = rows.map((row) => ({
    cursor: binding.cursors.encode(binding, describe.key(row)),
    node: describe.node(row),
  }));

  const lookedUntil = slice.lookedUntil ? binding.cursors.encode(binding, slice.lookedUntil) : null;
  const hasMore = slice.rows.length > page.limit || lookedUntil !== null;
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: (isForward && hasMore) || slice.hasRowsAtBefore,
      hasPreviousPage: (!isForward && hasMore) || slice.hasRowsAtAfter,
      startCursor: (isForward ? null : lookedUntil) ?? edges[0]?.cursor ?? null,
      endCursor: (isForward ? lookedUntil : null) ?? edges.at(-1)?.cursor ?? null,
    },
  };
}
