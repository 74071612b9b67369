import type { NeighbourSource } from './neighbours.ts';
import type { Scorer } from './scorers.ts';

/**
 * Scores as lists of every length would, without making them: from what the user played to all who played it, and on to all that those
 * played. It needs the interactions in memory, and a user costs all entries of all users who share an item: for measuring, not for
 * serving. It knows the items of a user's row also beyond `maxItemsPerUser`.
 */
export function createWalkScorer({ byUser, byItem, weighing }: NeighbourSource): Scorer {
  const { ofUsers, ofItems, scale } = weighing;
  const shares = new Float64Array(byUser.userCount);
  return {
    score(row, into) {
      shares.fill(0);
      for (let at = 0; at < row.items.length; at += 1) {
        const item = row.items[at] as number;
        const weight = Math.log1p(row.counts[at] as number);
        const end = byItem.starts[item + 1] ?? 0;
        for (let place = byItem.starts[item] ?? 0; place < end; place += 1) {
          (shares[byItem.items[place] as number] as number) += weight * (ofUsers[place] as number);
        }
      }
      into.fill(0);
      for (let user = 0; user < shares.length; user += 1) {
        const share = shares[user] as number;
        if (share === 0) continue;
        const end = byUser.starts[user + 1] as number;
        for (let at = byUser.starts[user] as number; at < end; at += 1) {
          (into[byUser.items[at] as number] as number) += share * (ofItems[at] as number);
        }
      }
      for (let item = 0; item < into.length; item += 1) (into[item] as number) *= scale[item] ?? 0;
    },
  };
}
