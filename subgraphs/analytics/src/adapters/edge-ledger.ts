import type { Consumed } from '@medley/event-log';
import type { EventOf, edgeRequestSampled, edgeTrafficCounted } from '@medley/events';
import {
  foldTraffic,
  missCounters,
  missKeys,
  type TrafficWindow,
  trafficCounters,
  trafficKeys,
} from '../domain/fold-traffic.ts';
import type { Ledger } from '../domain/ledger.ts';
import { addCounts, type CountingTable } from './add-counts.ts';
import { createLedger } from './ledger.ts';
import type { PrismaClient } from './prisma-client.ts';

const traffic: CountingTable = { name: 'edge_series', keys: trafficKeys, counters: trafficCounters };
const misses: CountingTable = { name: 'edge_misses', keys: missKeys, counters: missCounters };

/** Counts what the edge sent and what it had to fetch. Sampled requests are for people, and are in the sums already. */
export const createEdgeLedger = (
  client: PrismaClient,
): Ledger<Consumed<EventOf<typeof edgeTrafficCounted> | EventOf<typeof edgeRequestSampled>>> =>
  createLedger({
    client,
    inbox: 'claimed_edge_windows',
    read: (event) => (event.type === 'EdgeTrafficCounted' ? windowOf(event) : null),
    // A node that sends a window again makes it of the same lines.
    claimOf: ({ id }, window) => ({ id, time: new Date(window.from), content: JSON.stringify(window) }),
    async write(tx, generation, fresh) {
      const counted = foldTraffic(fresh);
      await addCounts(tx, generation, traffic, counted.traffic);
      await addCounts(tx, generation, misses, counted.misses);
    },
  });

/** What is counted of it, in one order: it is claimed by it too. */
const windowOf = ({ data }: EventOf<typeof edgeTrafficCounted>): TrafficWindow => ({
  node: data.node,
  from: Date.parse(data.from),
  answers: data.answers.map(({ status, requests, bytesSent }) => ({ status, requests, bytesSent })),
  originFetches: data.originFetches,
  originFailures: data.originFailures,
  originBytes: data.originBytes,
  malformedLines: data.malformedLines,
  hottestMisses: data.hottestMisses.map(({ path, originFetches, originBytes }) => ({
    path,
    originFetches,
    originBytes,
  })),
});
