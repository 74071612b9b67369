import { parseEvent, playbackDecisions } from '@medley/events';
import { encodeId } from '@medley/ids';
import { createMetrics } from '@medley/service';
import { describe, expect, it } from 'vitest';
import { createOfferedDecisionLog } from '../../src/adapters/offered-decision-log.ts';
import { keepDecisions, keepTailedDecisions } from '../../src/consumers/keep-decisions.ts';
import type { DecisionRecord } from '../../src/domain/decision-record.ts';
import { aDecision } from '../decision-records.ts';

function openLog(grantsPerSample = 100) {
  const metrics = createMetrics();
  const offered: Parameters<Parameters<typeof createOfferedDecisionLog>[0]['events']['offer']>[0][] = [];
  const kept: DecisionRecord[] = [];
  const log = createOfferedDecisionLog({
    events: { offer: (event) => offered.push(event) },
    grantsPerSample,
    metrics,
    onKept: (record) => kept.push(record),
  });
  return { log, offered, kept, metrics };
}

describe('the log of decisions', () => {
  it('counts all by outcome and quality', async () => {
    const { log, metrics } = openLog();
    log.offer(aDecision({ outcome: 'GRANTED', requestedQuality: 'LOW' }));
    log.offer(aDecision({ outcome: 'GRANTED', requestedQuality: 'LOW' }));
    log.offer(aDecision({ outcome: 'TIER_REQUIRED' }));
    const text = await metrics.registry.metrics();
    expect(text).toContain('medley_playback_decisions_total{outcome="GRANTED",quality="LOW"} 2');
    expect(text).toContain('medley_playback_decisions_total{outcome="TIER_REQUIRED",quality="HIGH"} 1');
  });

  it('keeps every denial, and one grant in so many', () => {
    const { log, offered, kept } = openLog(100);
    for (let count = 0; count < 500; count += 1) log.offer(aDecision());
    expect(offered).toHaveLength(500);
    for (let count = 0; count < 20_000; count += 1) log.offer(aDecision({ outcome: 'GRANTED' }));
    const grants = offered.slice(500);
    // 200 are to be expected, with a deviation of 14.
    expect(grants.length).toBeGreaterThan(120);
    expect(grants.length).toBeLessThan(280);
    expect(new Set(grants.map(({ data }) => data.sampledOutOf))).toEqual(new Set([100]));
    expect(offered[0]?.data.sampledOutOf).toBe(1);
    // A decision has one event, however often it is sent.
    expect(offered.map(({ id }) => encodeId('decision', id))).toEqual(
      offered.map(({ data }) => data.decisionId),
    );
    expect(kept.map(({ decisionId }) => decisionId)).toEqual(offered.map(({ data }) => data.decisionId));
  });

  it('keeps the same grants in every process', () => {
    const decisions = Array.from({ length: 2_000 }, () => aDecision({ outcome: 'GRANTED' }));
    const ids = [openLog(10), openLog(10)].map(({ log, offered }) => {
      for (const decision of decisions) log.offer(decision);
      return offered.map(({ id }) => id);
    });
    expect(ids[0]?.length).toBeGreaterThan(0);
    expect(ids[0]).toEqual(ids[1]);
  });

  it('keeps every grant where one in one is asked for', () => {
    const { log, offered } = openLog(1);
    for (let count = 0; count < 50; count += 1) log.offer(aDecision({ outcome: 'GRANTED' }));
    expect(offered).toHaveLength(50);
  });

  it('tells what it was told, so that whoever follows the topic finds the same', async () => {
    const { log, offered } = openLog();
    const decisions = [
      aDecision(),
      aDecision({ viewerId: null, market: null, marketSource: null, tier: null, trackVersion: null }),
    ];
    for (const decision of decisions) log.offer(decision);
    const records = offered.map((event) => ({ value: Buffer.from(JSON.stringify(event)) }));
    for (const [index, { value }] of records.entries()) {
      expect(parseEvent(playbackDecisions, value)).toEqual({ kind: 'event', event: offered[index] });
    }
    const saved: DecisionRecord[][] = [];
    const store = { save: async (batch: readonly DecisionRecord[]) => void saved.push([...batch]) };
    await keepDecisions(store)(offered.map((event) => ({ event })));
    await keepTailedDecisions(store)([{ value: null }, { value: Buffer.from('poison') }, ...records]);
    expect(saved).toEqual([decisions, decisions]);
  });
});
