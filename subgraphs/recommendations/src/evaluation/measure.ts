import { countUsers, rowOf, type Scorer, type Steps, topUnplayed } from '../models/index.ts';
import { collectMetrics, type Metrics } from './metrics.ts';
import type { Split } from './split.ts';

/** How many recommendations are looked at. */
export const listLength = 10;

/** Recommends to each user of whom something was held out, and compares. */
export function* measure(scorer: Scorer, { training, heldOut }: Split): Steps<Metrics> {
  const { userCount, itemCount } = training;
  const collector = collectMetrics(listLength, countUsers(training), userCount);
  const scores = new Float64Array(itemCount);
  for (let user = 0; user < userCount; user += 1) {
    const wanted = heldOut[user] as Uint32Array;
    if (wanted.length === 0) continue;
    const row = rowOf(training, user);
    scorer.score(row, scores);
    collector.add(topUnplayed(scores, row, listLength).items, wanted);
    yield { stage: 'users', done: user, total: userCount };
  }
  return collector.metrics;
}
