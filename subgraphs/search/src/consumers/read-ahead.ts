/** The same items; while one is being used the next is already asked for. */
export async function* readAhead<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    while (true) {
      const { done, value } = await next;
      if (done) return;
      next = iterator.next();
      // Whoever stops in between never looks at it.
      next.catch(() => {});
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}
