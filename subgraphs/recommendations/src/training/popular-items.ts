import type { Interactions } from '../models/interactions.ts';
import { TopSelector } from '../models/top-selector.ts';

/** With fewer accounts, what is popular in a market would tell what somebody plays. */
export const leastUsersOfMarket = 10;
export const mostPopular = 1_000;

/**
 * What is played most, by market, and `*` for all: of each item the sum over users of `ln(1 + count)`, so that nobody makes something
 * popular alone.
 * @param marketOf each user's; null when unknown
 */
export function findPopular(
  interactions: Interactions,
  marketOf: readonly (string | null)[],
): ReadonlyMap<string, readonly number[]> {
  const usersOf = new Map<string, number[]>();
  for (const [user, market] of marketOf.entries()) {
    if (market === null) continue;
    const users = usersOf.get(market);
    if (users) users.push(user);
    else usersOf.set(market, [user]);
  }
  const popular = new Map<string, readonly number[]>();
  const scores = new Float64Array(interactions.itemCount);
  const rank = (of: Iterable<number>) => {
    scores.fill(0);
    for (const user of of) addRow(interactions, user, scores);
    return topOf(scores);
  };
  popular.set('*', rank(Array(interactions.userCount).keys()));
  for (const [market, users] of usersOf)
    if (users.length >= leastUsersOfMarket) popular.set(market, rank(users));
  return popular;
}

function addRow({ starts, items, counts }: Interactions, user: number, scores: Float64Array): void {
  for (let at = starts[user] as number; at < (starts[user + 1] as number); at += 1) {
    const item = items[at] as number;
    scores[item] = (scores[item] as number) + Math.log1p(counts[at] as number);
  }
}

function topOf(scores: Float64Array): readonly number[] {
  const best = new TopSelector(mostPopular);
  for (let item = 0; item < scores.length; item += 1)
    if ((scores[item] as number) > 0) best.offer(item, scores[item] as number);
  const items = new Uint32Array(best.length);
  best.drain(items, new Float64Array(best.length), 0);
  return Array.from(items);
}
