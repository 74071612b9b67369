import type { Interactions } from './interactions.ts';

/** How many users played each item: the score of an item for everybody. */
export function countUsers({ itemCount, items }: Interactions): Uint32Array {
  const users = new Uint32Array(itemCount);
  for (let at = 0; at < items.length; at += 1) (users[items[at] as number] as number) += 1;
  return users;
}
