/** How many rows of one partition are written together. */
const mostTogether = 100;

/** What can be written together at little cost: items of one partition, up to 100. */
export function byPartition<Item>(
  items: readonly Item[],
  partitionOf: (item: Item) => string,
): readonly (readonly Item[])[] {
  const groups: Item[][] = [];
  const open = new Map<string, Item[]>();
  for (const item of items) {
    const partition = partitionOf(item);
    let group = open.get(partition);
    if (!group || group.length === mostTogether) {
      group = [];
      groups.push(group);
      open.set(partition, group);
    }
    group.push(item);
  }
  return groups;
}
