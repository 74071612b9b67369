/**
 * For each item from `firstItem` on those that belong to it, most similar first, of equals the smaller index first; an item is not its
 * own neighbour. The list of item `firstItem + i` is from `starts[i]` to before `starts[i + 1]`. 8 bytes a neighbour.
 */
export interface NeighbourLists {
  /** Lists of some items only are a part, made by one step of a training; `joinNeighbourLists` makes them whole. */
  readonly firstItem: number;
  readonly starts: Uint32Array;
  readonly items: Uint32Array;
  /** More than 0. */
  readonly similarities: Float32Array;
}

/** How many items have a list here, be it empty. */
export const countLists = ({ starts }: NeighbourLists): number => starts.length - 1;

/** The list of one item, without a copy; empty for an item that the lists do not know. */
export function listOf(lists: NeighbourLists, item: number): Pick<NeighbourLists, 'items' | 'similarities'> {
  const from = lists.starts[item - lists.firstItem] ?? 0;
  const to = lists.starts[item - lists.firstItem + 1] ?? from;
  return { items: lists.items.subarray(from, to), similarities: lists.similarities.subarray(from, to) };
}

/**
 * Puts parts together, in any order.
 * @throws RangeError when an item is missing or twice
 */
export function joinNeighbourLists(parts: readonly NeighbourLists[]): NeighbourLists {
  const sorted = parts.toSorted((a, b) => a.firstItem - b.firstItem);
  const firstItem = sorted[0]?.firstItem ?? 0;
  const listCount = sorted.reduce((sum, part) => sum + countLists(part), 0);
  const length = sorted.reduce((sum, part) => sum + part.items.length, 0);
  const joined = {
    firstItem,
    starts: new Uint32Array(listCount + 1),
    items: new Uint32Array(length),
    similarities: new Float32Array(length),
  };
  let [next, filled] = [firstItem, 0];
  for (const part of sorted) {
    if (part.firstItem !== next)
      throw new RangeError(`expected lists from item ${next} on, got them from item ${part.firstItem} on`);
    const offset = filled;
    joined.starts.set(
      part.starts.map((start) => start + offset),
      next - firstItem,
    );
    joined.items.set(part.items, filled);
    joined.similarities.set(part.similarities, filled);
    next += countLists(part);
    filled += part.items.length;
  }
  return joined;
}
