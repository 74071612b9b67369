import type { Statistics } from '../domain/statistics.ts';
import type { PrismaClient } from './prisma-client.ts';
import { readDecisions } from './read-decisions.ts';
import { readDoubtfulPlays } from './read-doubtful-plays.ts';
import { readEdge } from './read-edge.ts';
import { readListeners } from './read-listeners.ts';
import { readPlays } from './read-plays.ts';
import { readQuality } from './read-quality.ts';

/** Reads what was counted by SQL: each method is one statement, but for listeners. */
export const createPrismaStatistics = (client: PrismaClient): Statistics => ({
  ...readPlays(client),
  ...readListeners(client),
  ...readDecisions(client),
  ...readQuality(client),
  ...readEdge(client),
  ...readDoubtfulPlays(client),
});
