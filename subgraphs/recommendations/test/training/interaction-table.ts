import type { InteractionTable } from '../../src/domain/training-engine.ts';
import { createInteractionsBuilder } from '../../src/models/interactions-builder.ts';
import { createRandom } from '../../src/models/random.ts';
import { interactionColumns, writeTable } from '../../src/training/computing/table-files.ts';

export type Triple = readonly [user: number, item: number, count: number];

/** Writes interactions as a training does. */
export async function writeInteractions(
  folder: string,
  triples: readonly Triple[],
  size?: { readonly userCount?: number; readonly itemCount?: number },
): Promise<InteractionTable> {
  const builder = createInteractionsBuilder();
  for (const [user, item, count] of triples) builder.add(user, item, count);
  const { userCount, itemCount, starts, items, counts } = builder.build(size);
  const user = new Int32Array(items.length);
  for (let row = 0; row < userCount; row += 1) user.fill(row, starts[row], starts[row + 1]);
  await writeTable(folder, interactionColumns, (append) =>
    append({ user, item: Int32Array.from(items), count: counts }),
  );
  return { folder, userCount, itemCount, entries: items.length };
}

/** Two crowds that play their own half of the items, mostly; always the same ones for the same seed. */
export function playsOfTwoCrowds({ users = 40, items = 24, plays = 400, seed = 1 } = {}): Triple[] {
  const random = createRandom(seed);
  return Array.from({ length: plays }, () => {
    const user = Math.floor(random() * users);
    const half = (user % 2) ^ (random() < 0.05 ? 1 : 0);
    const item = Math.floor(random() * (items / 2)) * 2 + half;
    return [user, item, 1 + Math.floor(random() * 4)] as const;
  });
}
