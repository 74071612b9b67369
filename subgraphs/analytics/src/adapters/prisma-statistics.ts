import type { Statistics } from '../domain/statistics.ts';
import type { PrismaClient } from './prisma-client.ts';
import { createDecisionStatistics } from './prisma-decision-statistics.ts';
import { createDoubtfulPlayStatistics } from './prisma-doubtful-play-statistics.ts';
import { createEdgeStatistics } from './prisma-edge-statistics.ts';
import { createListenerStatistics } from './prisma-listener-statistics.ts';
import { createPlayStatistics } from './prisma-play-statistics.ts';
import { createQualityStatistics } from './prisma-quality-statistics.ts';

/** Reads what was counted by SQL: each method is one statement, but for listeners. */
export const createPrismaStatistics = (client: PrismaClient): Statistics => ({
  ...createPlayStatistics(client),
  ...createListenerStatistics(client),
  ...createDecisionStatistics(client),
  ...createQualityStatistics(client),
  ...createEdgeStatistics(client),
  ...createDoubtfulPlayStatistics(client),
});
