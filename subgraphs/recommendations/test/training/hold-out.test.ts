import { describe, expect, it } from 'vitest';
import { type Interactions, rowOf } from '../../src/models/interactions.ts';
import { createInteractionsBuilder } from '../../src/models/interactions-builder.ts';
import { heldUsers, holdOut } from '../../src/training/hold-out.ts';
import { findPopular, leastUsersOfMarket } from '../../src/training/popular-items.ts';

function build(users: number, itemsOf: (user: number) => readonly number[], itemCount = 50): Interactions {
  const builder = createInteractionsBuilder();
  for (let user = 0; user < users; user += 1) for (const item of itemsOf(user)) builder.add(user, item, 2);
  return builder.build({ userCount: users, itemCount });
}
const some = (user: number) => Array.from({ length: 10 }, (_, at) => (user * 3 + at) % 50);

describe('what is held out', () => {
  it('is a fifth of what one in ten users played, and nothing is in both or in none', () => {
    const all = build(4_000, some);
    const { train, heldOut } = holdOut(all, 1);
    const users = heldUsers(heldOut);
    expect(users.length).toBe(400);
    for (const user of users) expect(rowOf(heldOut, user).items.length).toBe(2);
    for (let user = 0; user < 4_000; user += 1) {
      const together = [...rowOf(train, user).items, ...rowOf(heldOut, user).items].sort((a, b) => a - b);
      expect(together).toEqual([...rowOf(all, user).items]);
    }
  });

  it('is the same for the same seed, and another for another', () => {
    const all = build(1_000, some);
    expect(holdOut(all, 7)).toEqual(holdOut(all, 7));
    expect(heldUsers(holdOut(all, 7).heldOut)).not.toEqual(heldUsers(holdOut(all, 8).heldOut));
  });

  it('leaves all to those who played little', () => {
    expect(
      heldUsers(
        holdOut(
          build(100, () => [1, 2, 3, 4]),
          1,
        ).heldOut,
      ),
    ).toEqual([]);
  });

  it('is nothing of nothing', () => {
    expect(heldUsers(holdOut(build(0, some), 1).heldOut)).toEqual([]);
  });
});

describe('what is popular', () => {
  it('is what many play, not what one plays often', () => {
    const builder = createInteractionsBuilder();
    builder.add(0, 7, 100_000);
    for (let user = 1; user < 30; user += 1) builder.add(user, 3, 1);
    const popular = findPopular(builder.build(), Array(30).fill('AT'));
    expect(popular.get('*')).toEqual([3, 7]);
  });

  it('is told of a market only where it tells nobody’s taste', () => {
    const marketOf = Array.from({ length: 100 }, (_, user) => (user < leastUsersOfMarket - 1 ? 'AT' : 'DE'));
    const popular = findPopular(build(100, some), marketOf);
    expect([...popular.keys()].sort()).toEqual(['*', 'DE']);
    expect(findPopular(build(100, some), Array(100).fill(null)).size).toBe(1);
  });
});
