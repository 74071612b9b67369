import { badUserInput } from '@medley/errors';
import type { Context } from '../context.ts';
import { hitRateByBytes, noTraffic } from '../domain/cdn-traffic.ts';
import { readTimeRange } from '../domain/time-range.ts';
import { fillSeries, sumCounts } from '../domain/time-series.ts';
import type { CdnCountsResolvers, QueryCdnTrafficArgs, RequireFields } from '../generated/graphql.ts';
import { orRefuse } from './arguments.ts';

type Given = RequireFields<QueryCdnTrafficArgs, 'from' | 'every' | 'coarser'>;

export async function readCdnTraffic(given: Given, { statistics, now }: Context) {
  const node = given.node ?? null;
  if (node !== null && !/^[^\0]{1,64}$/.test(node))
    throw badUserInput(`node must be the name of a node, 1..64 characters, got ${node.length}`);
  const range = orRefuse(readTimeRange({ ...given, until: given.until ?? null }, now()));
  const counted = await statistics.countTraffic(range, node);
  return {
    requestedEvery: given.every,
    every: range.every,
    from: range.from,
    until: range.until,
    total: sumCounts(
      counted.map(({ counts }) => counts),
      noTraffic,
    ),
    points: fillSeries(range, counted, noTraffic),
  };
}

export const CdnCounts: CdnCountsResolvers = { hitRateByBytes };
