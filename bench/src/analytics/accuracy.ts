import { openRepositories } from '@medley/analytics/adapters/prisma-repositories';
import { percentilesOf, relativeError } from '@medley/analytics/domain/latency-bins';
import { listenerStandardError } from '@medley/analytics/domain/listener-sketch';
import type { Statistics } from '@medley/analytics/domain/statistics';
import { readTimeSpan, type TimeSpan } from '@medley/analytics/domain/time-range';
import type { Database } from '@medley/database';
import type { ExactNumbers } from './exact-numbers.ts';

const dayMs = 86_400_000;
const [from, now] = [new Date(Date.now() - 9 * dayMs), new Date()];
const shares = [0.5, 0.95, 0.99];

/**
 * Asks what was counted as analysts do, holds it against the exact numbers, and prints how far sketches are off.
 * @throws Error when a count differs, a percentile is further off than it may be, or an estimate of listeners five standard errors
 */
export async function checkAccuracy(database: Database, exact: ExactNumbers): Promise<void> {
  const repositories = openRepositories(database);
  try {
    const { statistics } = repositories;
    const span = readTimeSpan({ from, until: null }, 'HOUR', now);
    if ('code' in span) throw new Error(span.message);
    await checkCounts(statistics, span, exact);
    await checkPercentiles(statistics, span, exact);
    await checkListeners(statistics, exact);
  } finally {
    await repositories.close();
  }
}

async function checkCounts(statistics: Statistics, span: TimeSpan, exact: ExactNumbers): Promise<void> {
  const range = { from: span.from, until: span.until, every: 'HOUR', points: 0 } as const;
  const plays = { counted: 0, tooShort: 0, unverified: 0, doubtful: 0 };
  for (const { counts } of await statistics.countPlays(range, { market: null, tier: null })) {
    plays.counted += counts.plays;
    plays.tooShort += counts.tooShort;
    plays.unverified += counts.unverified;
    plays.doubtful += counts.doubtful;
  }
  const decisions = new Map<string, number>();
  for (const { outcome, decisions: count } of await statistics.countDecisions(span, null))
    decisions.set(outcome, (decisions.get(outcome) ?? 0) + count);
  const told = (counts: Iterable<readonly [string, number]>) =>
    JSON.stringify(Object.fromEntries([...counts].sort(([one], [other]) => (one < other ? -1 : 1))));
  expectSame('plays', told(Object.entries(exact.plays)), told(Object.entries(plays)));
  expectSame('decisions', told(exact.decisions), told(decisions));
  console.log(`  exactly: plays ${told(Object.entries(plays))}, decisions ${told(decisions)}`);
}

async function checkPercentiles(statistics: Statistics, span: TimeSpan, exact: ExactNumbers): Promise<void> {
  const all = { market: null, tier: null, quality: null };
  const groups = await statistics.countQuality(span, all, ['TIER'], 100);
  let worst = 0;
  for (const tier of exact.tiers) {
    const group = groups.find((one) => one.tier === tier);
    const estimates = percentilesOf(group?.startTimes ?? [], shares);
    shares.forEach((share, index) => {
      const [estimate, truth] = [estimates?.[index] ?? 0, exact.percentile(tier, share)];
      worst = Math.max(worst, Math.abs(estimate - truth) / truth);
      console.log(`  ${tier} click to sound p${100 * share}: ${truth} ms, told ${estimate.toFixed(1)} ms`);
    });
  }
  console.log(`  percentiles are off by ${percent(worst)} at most; stated: ${percent(relativeError)}`);
  if (worst > relativeError) throw new Error('a percentile is further off than stated');
}

async function checkListeners(statistics: Statistics, exact: ExactNumbers): Promise<void> {
  const errors: number[] = [];
  for (const [scope, truth] of exact.listeners()) {
    const [market = '*', day = '*'] = scope.split(' ');
    const days = day === '*' ? { first: from, last: now } : { first: new Date(day), last: new Date(day) };
    const { estimate } = await statistics.countListeners(market === '*' ? null : market, days);
    errors.push((estimate - truth) / truth);
    if (scope === '* *') console.log(`  listeners of the week: ${truth}, told ${estimate}`);
  }
  const worst = Math.max(...errors.map(Math.abs));
  const typical = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
  console.log(
    `  ${errors.length} estimates of listeners are off by ${percent(typical)} (root of the mean square), ${percent(worst)} at most; ` +
      `stated standard error: ${percent(listenerStandardError)}`,
  );
  if (worst > 5 * listenerStandardError)
    throw new Error('an estimate of listeners is five standard errors off');
}

function expectSame(what: string, exact: string, counted: string): void {
  if (exact !== counted) throw new Error(`${what}: expected ${exact}, got ${counted}`);
}

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
