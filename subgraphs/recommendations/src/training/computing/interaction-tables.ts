import type { InteractionTable } from '../../domain/training-engine.ts';
import type { Interactions } from '../../models/interactions.ts';
import { interactionColumns, readTable, TableError, writeTable } from './table-files.ts';

const rowsAGroup = 500_000;

/** Writes a matrix where engines read it. */
export async function writeInteractions(
  folder: string,
  interactions: Interactions,
): Promise<InteractionTable> {
  const { userCount, itemCount, starts, items, counts } = interactions;
  await writeTable(folder, interactionColumns, (append) => {
    let user = 0;
    for (let from = 0; from < items.length; from += rowsAGroup) {
      const to = Math.min(from + rowsAGroup, items.length);
      const users = new Int32Array(to - from);
      for (let at = from; at < to; at += 1) {
        while ((starts[user + 1] as number) <= at) user += 1;
        users[at - from] = user;
      }
      append({ user: users, item: Int32Array.from(items.subarray(from, to)), count: counts.slice(from, to) });
    }
  });
  return { folder, userCount, itemCount, entries: items.length };
}
/**
 * A table of interactions as a matrix. Takes 8 bytes an entry, 4 a user, and a row group of the table.
 * @throws TableError when it is not what it says
 */
export async function readInteractions({
  folder,
  userCount,
  itemCount,
  entries,
}: InteractionTable): Promise<Interactions> {
  const [items, counts] = [new Uint32Array(entries), new Float32Array(entries)];
  const starts = new Uint32Array(userCount + 1);
  let [filled, lastUser] = [0, -1];
  for await (const { user, item, count } of readTable(folder, interactionColumns)) {
    if (filled + user.length > entries) throw new TableError(`${folder} has more than ${entries} rows`);
    items.set(item, filled);
    counts.set(count, filled);
    for (let at = 0; at < user.length; at += 1) {
      const current = user[at] as number;
      if (current < lastUser || current >= userCount || (item[at] as number) >= itemCount)
        throw new TableError(`${folder}: row ${filled + at} is out of order, or out of range`);
      lastUser = current;
      starts[current + 1] = (starts[current + 1] as number) + 1;
    }
    filled += user.length;
  }
  if (filled !== entries) throw new TableError(`${folder} has ${filled} rows, expected ${entries}`);
  for (let user = 0; user < userCount; user += 1)
    starts[user + 1] = (starts[user + 1] as number) + (starts[user] as number);
  return { userCount, itemCount, starts, items, counts };
}
