/** Lists by cosine as one writes them down first: Maps of Maps. The sizes of the lists, and the sum of the similarities. */
export function buildNaively(
  plays: Iterable<readonly [user: number, item: number]>,
  neighbours: number,
): { readonly lists: number; readonly neighbours: number; readonly similarity: number } {
  const rows = new Map<number, Map<number, number>>();
  for (const [user, item] of plays) {
    let row = rows.get(user);
    if (!row) {
      row = new Map();
      rows.set(user, row);
    }
    row.set(item, (row.get(item) ?? 0) + 1);
  }
  const squares = new Map<number, number>();
  const products = new Map<number, Map<number, number>>();
  for (const row of rows.values()) {
    for (const [item, count] of row) {
      const weight = Math.log1p(count);
      squares.set(item, (squares.get(item) ?? 0) + weight ** 2);
      let sums = products.get(item);
      if (!sums) {
        sums = new Map();
        products.set(item, sums);
      }
      for (const [other, count] of row) {
        if (other !== item) sums.set(other, (sums.get(other) ?? 0) + weight * Math.log1p(count));
      }
    }
  }
  let [lists, length, similarity] = [0, 0, 0];
  for (const [item, sums] of products) {
    const own = Math.sqrt(squares.get(item) ?? 1);
    const list = [...sums]
      .map(([other, product]) => ({ other, similarity: product / own / Math.sqrt(squares.get(other) ?? 1) }))
      .sort((a, b) => b.similarity - a.similarity || a.other - b.other)
      .slice(0, neighbours);
    if (list.length > 0) lists += 1;
    length += list.length;
    for (const neighbour of list) similarity += neighbour.similarity;
  }
  return { lists, neighbours: length, similarity };
}
