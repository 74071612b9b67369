import type { InteractionTable } from '../../src/domain/training-engine.ts';
import { createInteractionsBuilder } from '../../src/models/interactions-builder.ts';
import { createRandom } from '../../src/models/random.ts';
import { writeInteractions } from '../../src/training/computing/interaction-tables.ts';

export type Triple = readonly [user: number, item: number, count: number];

/** Writes interactions as a training does. */
export function writeTriples(
  folder: string,
  triples: readonly Triple[],
  size?: { readonly userCount?: number; readonly itemCount?: number },
): Promise<InteractionTable> {
  const builder = createInteractionsBuilder();
  for (const [user, item, count] of triples) builder.add(user, item, count);
  return writeInteractions(folder, builder.build(size));
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
