import { type Interactions, rowOf } from '../models/interactions.ts';
import { createRandom } from '../models/random.ts';

/** What is learned from, and what is kept aside to see what was learned. */
export interface Split {
  readonly train: Interactions;
  /** Of the same users and items; most users have nothing in it. */
  readonly heldOut: Interactions;
}

const shareOfUsers = 0.1;
/** Among few users one in ten would say little. */
const leastUsers = 200;
const mostUsers = 2_000;
const shareOfItems = 0.2;
/** Who played less keeps it all. */
const leastItems = 5;

/**
 * Holds out a fifth of what one in ten users played: the others, and what is left of theirs, is what the model is made from, so that
 * little is lost to it. Always the same for the same seed.
 */
export function holdOut(interactions: Interactions, seed: number): Split {
  const { userCount, itemCount, starts, items, counts } = interactions;
  const random = createRandom(seed);
  const eligible: number[] = [];
  for (let user = 0; user < userCount; user += 1)
    if ((starts[user + 1] as number) - (starts[user] as number) >= leastItems) eligible.push(user);
  const wanted = Math.min(mostUsers, Math.max(leastUsers, Math.ceil(eligible.length * shareOfUsers)));
  const chosen = new Set(shuffle(eligible, random).slice(0, wanted));

  const isHeld = new Uint8Array(items.length);
  for (const user of [...chosen].sort((one, other) => one - other)) {
    const first = starts[user] as number;
    const length = (starts[user + 1] as number) - first;
    const places = shuffle(
      Array.from({ length }, (_, place) => place),
      random,
    );
    for (const place of places.slice(0, Math.max(1, Math.round(length * shareOfItems))))
      isHeld[first + place] = 1;
  }
  const part = (held: 0 | 1): Interactions => {
    const kept = new Uint32Array(userCount + 1);
    for (let user = 0; user < userCount; user += 1) {
      let count = 0;
      for (let at = starts[user] as number; at < (starts[user + 1] as number); at += 1)
        if (isHeld[at] === held) count += 1;
      kept[user + 1] = (kept[user] as number) + count;
    }
    return {
      ...{ userCount, itemCount, starts: kept },
      items: items.filter((_, at) => isHeld[at] === held),
      counts: counts.filter((_, at) => isHeld[at] === held),
    };
  };
  return { train: part(0), heldOut: part(1) };
}

/** The users of which something is held out. */
export const heldUsers = (heldOut: Interactions): number[] =>
  Array.from({ length: heldOut.userCount }, (_, user) => user).filter(
    (user) => rowOf(heldOut, user).items.length > 0,
  );

/** Fisher and Yates. */
function shuffle(values: number[], random: () => number): number[] {
  for (let at = values.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [values[at], values[other]] = [values[other] as number, values[at] as number];
  }
  return values;
}
