import type { Consumed } from '@medley/event-log';
import type { EventOf, playbackDecided } from '@medley/events';
import { decisionCounters, decisionKeys, foldDecisions } from '../domain/fold-decisions.ts';
import type { Ledger } from '../domain/ledger.ts';
import { addCounts, type CountingTable } from './add-counts.ts';
import { createLedger } from './ledger.ts';
import type { PrismaClient } from './prisma-client.ts';

const decisions: CountingTable = {
  name: 'decision_series',
  keys: decisionKeys,
  counters: decisionCounters,
};

/** Counts what could be played and what could not. */
export const createDecisionLedger = (
  client: PrismaClient,
): Ledger<Consumed<EventOf<typeof playbackDecided>>> =>
  createLedger({
    client,
    inbox: 'claimed_decisions',
    read: ({ data: { decidedAt, market, tier, outcome, sampledOutOf } }) => ({
      decidedAt: Date.parse(decidedAt),
      market: market ?? '',
      tier: tier ?? '',
      outcome,
      standsFor: sampledOutOf,
    }),
    claimOf: ({ id, data }, { decidedAt, outcome, standsFor }) => ({
      id,
      time: new Date(decidedAt),
      content: `${data.decisionId} ${outcome} ${standsFor}`,
    }),
    write: (tx, generation, fresh) => addCounts(tx, generation, decisions, foldDecisions(fresh)),
  });
