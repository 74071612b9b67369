import type { CdnCounts, EdgeMiss, EdgeNodeCounts } from './cdn-traffic.ts';
import { type EdgeAlert, judgeEdge } from './edge-alert.ts';
import type { Statistics } from './statistics.ts';
import { stretchStart } from './stretch.ts';
import { startOf } from './time-grain.ts';

/** How the edge is now. */
export interface EdgeStatus {
  /** Until when it was heard of in the last day, to the minute. */
  readonly at: Date | null;
  readonly now: CdnCounts;
  readonly lastHour: CdnCounts;
  readonly originRequestsPerSecond: number;
  readonly hottestMisses: readonly EdgeMiss[];
  readonly nodes: readonly EdgeNodeCounts[];
  readonly alert: EdgeAlert;
}

type EdgeStatistics = Pick<Statistics, 'countTrafficSince' | 'findEdgeNodes' | 'findHottestMisses'>;

export async function readEdgeStatus(statistics: EdgeStatistics, now: Date): Promise<EdgeStatus> {
  const before = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
  // Rows are minutes: so the times are up to one longer than they are called.
  const fiveMinutesAgo = startOf('MINUTE', before(5));
  const hourAgo = startOf('MINUTE', before(60));
  const [lately, lastHour, hottestMisses, seen] = await Promise.all([
    statistics.countTrafficSince(fiveMinutesAgo),
    statistics.countTrafficSince(hourAgo),
    // Of files the rows are ten minutes.
    statistics.findHottestMisses(new Date(stretchStart(tenMinutesMs, before(60).getTime())), 20),
    statistics.findEdgeNodes({ from: startOf('MINUTE', before(1_440)), now: fiveMinutesAgo }),
  ]);
  const nodes = seen.map((node) => ({ ...node, lastSeenAt: earlier(node.lastSeenAt, now) }));
  const heardAt = nodes.map(({ lastSeenAt }) => lastSeenAt.getTime());
  return {
    at: heardAt.length === 0 ? null : new Date(Math.max(...heardAt)),
    now: lately,
    lastHour,
    originRequestsPerSecond: (lately.originFetches * 1_000) / (now.getTime() - fiveMinutesAgo.getTime()),
    hottestMisses,
    nodes,
    alert: judgeEdge(lastHour),
  };
}

const tenMinutesMs = 600_000;
const earlier = (a: Date, b: Date) => (a < b ? a : b);
