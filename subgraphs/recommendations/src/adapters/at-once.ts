/** How many requests one call has under way at a time. */
const most = 32;

/**
 * Does something with each, up to 32 at a time. When one fails no more is begun, and it rejects when those that are under way have ended.
 * @returns the results in the order of the items
 */
export async function atOnce<Item, Result>(
  items: readonly Item[],
  action: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const rest = items.entries();
  let isFailing = false;
  const go = async () => {
    for (const [index, item] of rest) {
      if (isFailing) return;
      try {
        results[index] = await action(item);
      } catch (error) {
        isFailing = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(most, items.length) }, go));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
  return results;
}
