import type { DecisionCount, Statistics } from '../domain/statistics.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { PrismaClient } from './prisma-client.ts';
import { isOnly, isShown, isWithin } from './shown-rows.ts';

export function createDecisionStatistics(client: PrismaClient): Pick<Statistics, 'countDecisions'> {
  return {
    countDecisions: (span, market) => client.$queryRaw<DecisionCount[]>`
      SELECT outcome, market, sum(decisions)::float8 AS decisions FROM analytics.decision_series
      WHERE ${isShown} AND ${isWithin(span)} AND ${isOnly(Prisma.sql`market`, market)}
      GROUP BY outcome, market ORDER BY sum(decisions) DESC, outcome, market`,
  };
}
